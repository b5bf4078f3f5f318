"""The borrower's data: which fields it is, files for specialists only, erasure after a time."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, now_datetime

from auto_dealer.credit.rules.stages import FINAL
from auto_dealer.permissions.masked_versions import LEVEL, guarded_fields

DOCTYPE = "Credit Application"
APPLICATIONS_A_ROUND = 200


def personal_fields() -> list[str]:
	"""Fields that only those with the rights of level 1 read."""
	return guarded_fields(DOCTYPE)


def may_read_personal_data(user: str | None = None) -> bool:
	"""Whether one of the user's roles reads level 1 of applications."""
	user = user or frappe.session.user
	if user == "Administrator":
		return True
	roles = set(frappe.get_roles(user))
	rows = frappe.get_meta(DOCTYPE).get_permissions()
	return any(row.read and row.permlevel == LEVEL and row.role in roles for row in rows)


# -- files -----------------------------------------------------------------------------------------


def file_has_permission(
	doc: Document, ptype: str, user: str | None = None, debug: bool = False
) -> bool | None:
	"""Papers attached to an application are for those who read its personal data; False refuses."""
	if ptype == "create" or doc.attached_to_doctype != DOCTYPE:
		return None
	return None if may_read_personal_data(user) else False


# -- erasure ---------------------------------------------------------------------------------------


def erase_old() -> list[str]:
	"""Erases the personal data of applications that have long been in a final stage; gives their names."""
	days = frappe.db.get_single_value("Credit Settings", "retention_days") or 0
	if not days:
		return []
	names = frappe.get_all(
		DOCTYPE,
		{
			"stage": ("in", FINAL),
			"closed_at": ("<", add_days(now_datetime(), -days)),
			"erased_at": ("is", "not set"),
		},
		order_by="closed_at",
		limit=APPLICATIONS_A_ROUND,
		pluck="name",
	)
	for name in names:
		erase(name)
	return names


def erase(name: str) -> None:
	"""Fields, rows, papers, queued e-mails and changes of one application. Sums and decisions stay for the statistics."""
	meta = frappe.get_meta(DOCTYPE)
	blank = {}
	for field in personal_fields():
		df = meta.get_field(field)
		if df.fieldtype == "Table":
			frappe.db.delete(df.options, {"parent": name, "parenttype": DOCTYPE})
		else:
			blank[field] = 0 if df.fieldtype in ("Currency", "Percent", "Check", "Int") else None
	frappe.db.set_value(DOCTYPE, name, {**blank, "erased_at": now_datetime()})
	for file in frappe.get_all(
		"File", {"attached_to_doctype": DOCTYPE, "attached_to_name": name}, pluck="name"
	):
		# Nobody asks for it: the term is over.
		frappe.delete_doc("File", file, ignore_permissions=True, force=True)
	delete_traces(name)


def delete_traces(name: str) -> None:
	"""Packs in the queue of e-mails, and the (masked) changes."""
	mails = frappe.get_all(
		"Email Queue", {"reference_doctype": DOCTYPE, "reference_name": name}, pluck="name"
	)
	if mails:
		frappe.db.delete("Email Queue Recipient", {"parent": ("in", mails)})
		frappe.db.delete("Email Queue", {"name": ("in", mails)})
	frappe.db.delete("Version", {"ref_doctype": DOCTYPE, "docname": name})
