"""Row rights of notices, and of the requests that people take part in who do not see the deal.

A request is seen with its deal; besides, by those who take part in it and by those whom a notice about it has asked.
"""

# ruff: noqa: S608 - conditions are SQL by Frappe's contract; names are our own, every value is escaped.

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.permissions.deny_delete import may_delete
from auto_dealer.permissions.related import can_read, visible_names_sql
from auto_dealer.permissions.rules.scope import ALL, DEAL
from auto_dealer.permissions.scopes import get_viewer

NOTICE = "Staff Notice"
# Who takes part, by DocType: fields with users.
PARTS = {
	"Diagnostics Request": ("author", "leader", "visitor"),
	"Detailing Request": ("author", "price_leader", "administrator", "photographer"),
}
# Not for those who were only asked something.
CHANGES = ("write", "submit", "cancel", "share", "export")
# Child table → the request whose rows it holds.
ROWS_OF = {"Detailing Work": "Detailing Request", "Detailing Message": "Detailing Request"}


def notice_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Notices to the user and by the user; "" for those who see everything."""
	viewer = get_viewer(user)
	if viewer.scopes.get(DEAL) == ALL and is_administrator(viewer.user):
		return ""
	me = frappe.db.escape(viewer.user, percent=False)
	mine = f"select `tabStaff Notice Recipient`.`parent` from `tabStaff Notice Recipient` where `tabStaff Notice Recipient`.`user` = {me}"
	return f"(`tabStaff Notice`.`author` = {me} or `tabStaff Notice`.`name` in ({mine}))"


def recipients_query(user: str | None = None, doctype: str | None = None) -> str:
	"""The same for the rows of recipients, listed on their own."""
	condition = notice_query(user)
	names = f"select `tabStaff Notice`.`name` from `tabStaff Notice` where {condition}"
	return f"`tabStaff Notice Recipient`.`parent` in ({names})" if condition else ""


def notice_has_permission(
	doc: Document, ptype: str, user: str | None = None, debug: bool = False
) -> bool | None:
	"""Recipients, the author, administrators; nobody else learns what is asked of whom."""
	user = user or frappe.session.user
	if not doc.name or is_administrator(user):
		return None
	asked = frappe.db.exists("Staff Notice Recipient", {"parent": doc.name, "user": user})
	return None if asked or frappe.db.get_value(NOTICE, doc.name, "author") == user else False


def request_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Requests of the deals that the user sees, and those that the user takes part in; "" for all."""
	deals = visible_names_sql(DEAL, user)
	if not deals:
		return ""
	table, me = f"`tab{doctype}`", frappe.db.escape(user or frappe.session.user, percent=False)
	parts = [f"{table}.`{field}` = {me}" for field in PARTS[doctype]]
	asked = (
		"select `tabStaff Notice`.`reference_name` from `tabStaff Notice` join `tabStaff Notice Recipient`"
		" on `tabStaff Notice Recipient`.`parent` = `tabStaff Notice`.`name`"
		f" where `tabStaff Notice Recipient`.`user` = {me} and `tabStaff Notice`.`status` != 'Cancelled'"
		f" and `tabStaff Notice`.`reference_doctype` = {frappe.db.escape(doctype)}"
	)
	return f"({' or '.join((f'{table}.`deal` in ({deals})', *parts, f'{table}.`name` in ({asked})'))})"


def rows_query(user: str | None = None, doctype: str | None = None) -> str:
	"""The same for rows of a child table that is listed on its own."""
	parent = ROWS_OF[doctype]
	condition = request_query(user, parent)
	names = f"select `tab{parent}`.`name` from `tab{parent}` where {condition}"
	return f"`tab{doctype}`.`parent` in ({names})" if condition else ""


def request_has_permission(
	doc: Document, ptype: str, user: str | None = None, debug: bool = False
) -> bool | None:
	"""As the list; judged by what is stored. Nobody but the portal administrator deletes."""
	user = user or frappe.session.user
	if ptype == "delete" and not may_delete(user):
		return False
	if ptype == "create" or not doc.name or get_viewer(user).scopes.get(DEAL) == ALL:
		return None
	stored = frappe.db.get_value(doc.doctype, doc.name, ["deal", *PARTS[doc.doctype]], as_dict=True)
	if not stored or user in [stored[field] for field in PARTS[doc.doctype]]:
		return None
	if ptype not in CHANGES and was_asked(doc, user):
		return None
	return None if can_read(DEAL, stored.deal, user) else False


def was_asked(doc: Document, user: str) -> bool:
	"""Whether a notice about the document has gone to the user and was not taken back."""
	notices = frappe.get_all(
		NOTICE,
		{"reference_doctype": doc.doctype, "reference_name": doc.name, "status": ("!=", "Cancelled")},
		pluck="name",
	)
	return bool(
		notices and frappe.db.exists("Staff Notice Recipient", {"parent": ("in", notices), "user": user})
	)


def is_administrator(user: str) -> bool:
	return user == "Administrator" or bool(
		{"Dealer Portal Administrator", "Dealer Administrator", "System Manager"}
		& set(frappe.get_roles(user))
	)
