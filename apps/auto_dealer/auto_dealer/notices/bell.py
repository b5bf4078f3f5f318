"""A line in somebody's bell."""

from __future__ import annotations

import frappe


def ring(user: str, subject: str, doctype: str, name: str, text: str = "", author: str | None = None) -> None:
	"""One Notification Log that leads to the document. `subject` is plain text; nobody rings for themselves by name."""
	notice = frappe.get_doc(
		{
			"doctype": "Notification Log",
			"type": "Alert",
			"for_user": user,
			"from_user": author or frappe.session.user,
			"subject": frappe.utils.escape_html(subject),
			"email_content": frappe.utils.escape_html(text).replace("\n", "<br>") or None,
			"document_type": doctype,
			"document_name": name,
		}
	)
	# Nobody has the right to write into another one's bell.
	notice.insert(ignore_permissions=True)
