"""Papers of a borrower: Frappe gives a file to whoever reads the document it hangs on, and here that is not enough."""

from __future__ import annotations

from frappe.core.doctype.file.file import File
from frappe.model.document import Document

from auto_dealer.credit.personal_data import DOCTYPE, file_has_permission

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
