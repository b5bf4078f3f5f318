"""The time line of a deal: Frappe's Version, written by one INSERT.

Frappe makes a document of it with its rights, hooks and descriptions, which costs a fifth of a move to another stage.
"""

from __future__ import annotations

import frappe
from frappe.core.doctype.version.version import Version, get_diff
from frappe.desk.form.document_follow import follow_document
from frappe.model.document import Document

INSERT = """
	insert into `tabVersion` (name, creation, modified, owner, modified_by, docstatus, idx, ref_doctype, docname, data)
	values (%(name)s, %(now)s, %(now)s, %(user)s, %(user)s, 0, 0, %(doctype)s, %(docname)s, %(data)s)"""


def write_version(doc: Document) -> bool:
	"""Whether the version is dealt with; False for new documents and setups, which Frappe looks after itself."""
	before = doc.get_doc_before_save()
	flags = frappe.flags
	if not before or not doc.meta.track_changes or flags.in_install or flags.in_patch or flags.in_migrate:
		return False
	if doc.flags.ignore_version or not (diff := get_diff(before, doc)):
		return True
	Version.set_impersonator(diff)
	frappe.db.sql(
		INSERT,
		{
			"name": frappe.generate_hash(length=10),
			"now": frappe.utils.now(),
			"user": frappe.session.user,
			"doctype": doc.doctype,
			"docname": doc.name,
			"data": frappe.as_json(diff, indent=None, separators=(",", ":")),
		},
	)
	if frappe.get_cached_value("User", frappe.session.user, "follow_created_documents"):
		follow_document(doc.doctype, doc.name, frappe.session.user)
	return True
