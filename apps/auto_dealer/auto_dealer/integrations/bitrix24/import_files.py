"""The import for a terminal: `bench --site SITE execute auto_dealer.integrations.bitrix24.import_files.import_files`."""

from pathlib import Path

import frappe

from auto_dealer.integrations.bitrix24.attached_files import FILE_FIELDS
from auto_dealer.integrations.bitrix24.rules.headings import CONTACT, DEAL, LEAD
from auto_dealer.integrations.bitrix24.run_import import DOCTYPE, describe_progress, run
from auto_dealer.integrations.bitrix24.start_import import start


def import_files(
	contacts: str | None = None, leads: str | None = None, deals: str | None = None, **defaults: str
) -> str:
	"""Imports the files at these paths right here, without a worker; returns and prints the counts.

	`defaults` are fields of Bitrix24 Import: default_pipeline, default_enquiry_type, default_responsible,
	default_department. Repeating it doubles nothing. Not whitelisted: whoever runs bench is the machine's owner.
	"""
	document = frappe.get_doc({"doctype": DOCTYPE, "title": "bench", **defaults}).insert()
	for kind, path in ((CONTACT, contacts), (LEAD, leads), (DEAL, deals)):
		if path:
			attach(document, kind, Path(path).name, Path(path).read_bytes())
	start(document, in_this_process=True)
	frappe.db.commit()
	run(document.name)
	document.reload()
	text = f"{document.name}: {document.status}. {describe_progress(document.as_dict())}"
	return "\n".join([text, document.error or ""]).strip()


def attach(document, kind: str, file_name: str, content: bytes) -> None:
	"""Stores the content as a private file in the import's field of this kind."""
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": file_name,
			"content": content,
			"is_private": 1,
			"attached_to_doctype": document.doctype,
			"attached_to_name": document.name,
			"attached_to_field": FILE_FIELDS[kind],
		}
	).insert()
	document.set(FILE_FIELDS[kind], file.file_url)
	document.save()
