"""Row rights of bookings, one source for lists (SQL) and single documents.

All bookings: administrators, service advisors, heads, the parts store. A sales manager: those of the deals and clients
that they see, those they made or answer for, and those that take them as a resource. A mechanic or a diagnostician:
those that take them.
"""

# ruff: noqa: S608 - conditions are SQL by Frappe's contract; names are our own, every value is escaped.

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.permissions.deny_delete import may_delete
from auto_dealer.permissions.related import contacts_sql, visible_names_sql
from auto_dealer.permissions.rules.scope import DEAL, LEAD

DOCTYPE = "Service Booking"
TABLE = f"`tab{DOCTYPE}`"
ROWS = ("Service Booking Offering", "Service Booking Resource")
SEE_ALL = {
	"Dealer Portal Administrator",
	"Dealer Administrator",
	"System Manager",
	"Dealer Service Advisor",
	"Dealer Sales Head",
	"Dealer Buyout Head",
	"Dealer Parts Manager",
}
SEE_CLIENTS = "Dealer Sales Manager"


def query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL for the bookings that the user sees; "" when that is all."""
	user = user or frappe.session.user
	roles = set(frappe.get_roles(user))
	if user == "Administrator" or roles & SEE_ALL:
		return ""
	me = frappe.db.escape(user, percent=False)
	ways = [
		f"{TABLE}.`name` in (select r.parent from `tabService Booking Resource` r"
		f" inner join `tabService Resource` s on s.name = r.resource where s.user = {me})"
	]
	if SEE_CLIENTS in roles:
		ways += [f"{TABLE}.`owner` = {me}", f"{TABLE}.`responsible` = {me}", *_clients_sql(user)]
	return f"({' or '.join(ways)})"


def _clients_sql(user: str) -> list[str]:
	deals = visible_names_sql(DEAL, user)
	by_deal = f"{TABLE}.`deal` in ({deals})" if deals else f"{TABLE}.`deal` is not null"
	contacts = [f"{TABLE}.`contact` in ({contacts_sql(doctype, user)})" for doctype in (DEAL, LEAD)]
	return [by_deal, *contacts]


def rows_query(user: str | None = None, doctype: str | None = None) -> str:
	"""The same for rows of a child table that is listed on its own."""
	condition = query(user)
	names = f"select {TABLE}.`name` from {TABLE} where {condition}"
	return f"`tab{doctype}`.`parent` in ({names})" if condition else ""


def has_permission(doc: Document, ptype: str, user: str | None = None, debug: bool = False) -> bool | None:
	"""The same about one stored booking; nobody but the portal administrator deletes."""
	if ptype == "delete" and not may_delete(user):
		return False
	if ptype == "create" or not doc.name:
		return None
	condition = query(user)
	if not condition:
		return None
	name = frappe.db.escape(doc.name, percent=False)
	found = frappe.db.sql(f"select 1 from {TABLE} where {TABLE}.`name` = {name} and {condition} limit 1")
	return None if found or not frappe.db.exists(DOCTYPE, doc.name) else False
