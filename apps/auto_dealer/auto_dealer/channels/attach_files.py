"""Files of an event, saved as private files of its lead or deal after a check of what they are."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from auto_dealer.channels.rules.file_types import decode_content, find_problem, safe_name
from auto_dealer.channels.rules.payload import Attachment


def attach_files(attachments: Iterable[Attachment], doctype: str, name: str) -> list[str]:
	"""Why files were refused, one line each; a refused file does not hold up the enquiry (it stays in the payload)."""
	refused = []
	for attachment in attachments:
		file_name, content = safe_name(attachment.filename), decode_content(attachment.content)
		if problem := find_problem(file_name, content):
			refused.append(f"attachment {file_name}: {problem}")
			continue
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": file_name,
				"content": content,
				"is_private": 1,
				"attached_to_doctype": doctype,
				"attached_to_name": name,
			}
		)
		# The sender is a machine with a channel's token and no user of the site.
		file.insert(ignore_permissions=True)
	return refused
