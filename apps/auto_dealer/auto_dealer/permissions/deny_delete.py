"""Leads, deals and the records of what happened are closed, never deleted or renamed."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

MAY_DELETE = "Dealer Portal Administrator"


class DeletionRefused(frappe.PermissionError):
	"""Somebody other than the portal administrator tried to delete a lead, a deal or their history."""


class RenameRefused(frappe.ValidationError):
	"""The number of a lead or deal is its identity."""


def may_delete(user: str | None = None) -> bool:
	"""Only the portal administrator, whatever the Role Permission Manager says."""
	user = user or frappe.session.user
	return user == "Administrator" or MAY_DELETE in frappe.get_roles(user)


def deny(doc: Document, method: str | None = None) -> None:
	"""`on_trash`: throws `DeletionRefused` unless the user may delete. `ignore_permissions` does not help."""
	if may_delete():
		return
	frappe.throw(
		_("{0} {1} cannot be deleted: it is part of the statistics. Close it instead, with a reason.").format(
			_(doc.doctype), doc.name
		),
		DeletionRefused,
		title=_("Only the portal administrator deletes"),
	)


def deny_rename(
	doc: Document, method: str | None = None, old: str = "", new: str = "", merge: bool = False
) -> None:
	"""`before_rename`: throws `RenameRefused` for everybody, also for a merge into another number."""
	frappe.throw(
		_("{0} {1} cannot be renamed or merged into another number.").format(_(doc.doctype), old or doc.name),
		RenameRefused,
	)
