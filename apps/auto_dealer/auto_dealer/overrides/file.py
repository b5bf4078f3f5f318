"""Papers of a borrower: Frappe gives a file to whoever reads the document it hangs on, and here that is not enough."""

from __future__ import annotations

import frappe
from frappe.core.doctype.file.file import File
from frappe.model.document import Document

from auto_dealer.credit.personal_data import DOCTYPE, file_has_permission, may_read_personal_data
from auto_dealer.permissions.related import file_query

HOLDERS = (DOCTYPE,)


class DealerFile(File):
	"""Only what must hold for every way to a file's content; Frappe's downloads ask no permission hook."""

	def before_insert(self):
		"""A paper attached to an application is private, whatever the browser asked for."""
		if self.attached_to_doctype in HOLDERS:
			self.is_private = 1
		super().before_insert()

	def is_downloadable(self):
		return super().is_downloadable() and has_permission(self, "read") is not False


def has_permission(doc: Document, ptype: str, user: str | None = None, debug: bool = False) -> bool | None:
	"""False when the file's content is not for the user."""
	return file_has_permission(doc, ptype, user, debug)


def query(user: str | None = None, doctype: str | None = None) -> str:
	"""The limits of `permissions.related.file_query`, and without papers of borrowers for those who may not read them."""
	limits = file_query(user, doctype)
	if may_read_personal_data(user):
		return limits
	holder = frappe.db.escape(DOCTYPE, percent=False)
	papers = f"ifnull(`tabFile`.`attached_to_doctype`, '') != {holder}"
	return f"{limits} and {papers}" if limits else papers
