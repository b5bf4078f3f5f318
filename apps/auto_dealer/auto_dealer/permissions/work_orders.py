"""Work orders and what hangs on them: all of them for the service, a client's for the sales managers who see the client.

Mechanics have no right to orders at all: their page gives them their jobs, without prices (`orders.mechanic_api`).
"""

# ruff: noqa: S608 - conditions are SQL by Frappe's contract; names are our own, every value is escaped.

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.permissions.deny_delete import may_delete
from auto_dealer.permissions.related import can_read, contacts_sql, visible_names_sql
from auto_dealer.permissions.rules.scope import DEAL, LEAD

ORDER = "Service Work Order"
SEE_ALL = frozenset(
	(
		*("Dealer Portal Administrator", "Dealer Administrator", "System Manager", "Dealer Service Advisor"),
		*("Dealer Parts Manager", "Dealer Sales Head", "Dealer Buyout Head"),
	)
)


def sees_all_orders(user: str | None = None) -> bool:
	user = user or frappe.session.user
	return user == "Administrator" or bool(SEE_ALL & set(frappe.get_roles(user)))


def order_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL for lists, "" for no limit."""
	user = user or frappe.session.user
	if sees_all_orders(user):
		return ""
	me = frappe.db.escape(user, percent=False)
	order = f"`tab{ORDER}`"
	ways = [f"{order}.`service_advisor` = {me}", f"{order}.`owner` = {me}"]
	ways += [f"{order}.`contact` in ({contacts_sql(seen, user)})" for seen in (LEAD, DEAL)]
	deals = visible_names_sql(DEAL, user)
	ways.append(f"{order}.`deal` in ({deals})" if deals else f"{order}.`deal` is not null")
	return f"({' or '.join(ways)})"


def order_has_permission(
	doc: Document, ptype: str, user: str | None = None, debug: bool = False
) -> bool | None:
	"""The same about one order, as it is stored."""
	if ptype == "delete" and not may_delete(user):
		return False
	if ptype == "create" or not doc.name or sees_all_orders(user):
		return None
	return None if sees_order(doc.name, user) else False


def sees_order(name: str, user: str | None = None) -> bool:
	"""By the row rights alone; False for an order that is gone."""
	condition = order_query(user)
	where = f" and {condition}" if condition else ""
	name = frappe.db.escape(name, percent=False)
	return bool(
		frappe.db.sql(f"select 1 from `tab{ORDER}` where `tab{ORDER}`.`name` = {name}{where} limit 1")
	)


def child_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Documents of the orders that the user sees; a mechanic's own time."""
	user = user or frappe.session.user
	if sees_all_orders(user):
		return ""
	condition = order_query(user)
	names = f"select `tab{ORDER}`.`name` from `tab{ORDER}` where {condition}"
	seen = f"`tab{doctype}`.`work_order` in ({names})"
	if doctype != "Mechanic Time":
		return seen
	return f"`tab{doctype}`.`mechanic` = {frappe.db.escape(user, percent=False)}"


def child_has_permission(
	doc: Document, ptype: str, user: str | None = None, debug: bool = False
) -> bool | None:
	"""The same about one document, as it is stored; nobody but the portal administrator deletes."""
	if ptype == "delete" and not may_delete(user):
		return False
	if ptype == "create" or not doc.name or sees_all_orders(user):
		return None
	if doc.doctype == "Mechanic Time":
		mechanic = frappe.db.get_value(doc.doctype, doc.name, "mechanic")
		return None if mechanic == (user or frappe.session.user) else False
	order = frappe.db.get_value(doc.doctype, doc.name, "work_order")
	return None if can_read(ORDER, order, user) else False


def rows_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Rows of the orders that the user sees, for a child table that is listed on its own."""
	condition = order_query(user)
	names = f"select `tab{ORDER}`.`name` from `tab{ORDER}` where {condition}"
	return f"`tab{doctype}`.`parent` in ({names})" if condition else ""


def attached_limits(user: str | None = None) -> dict[str, str]:
	"""For files and tags: DocType → subselect of the names that the user sees; {} for those who see all orders."""
	if sees_all_orders(user):
		return {}
	names = f"select `tab{ORDER}`.`name` from `tab{ORDER}` where {order_query(user)}"
	approval = "`tabWork Order Approval`"
	return {
		ORDER: names,
		"Work Order Approval": f"select {approval}.`name` from {approval} where {approval}.`work_order` in ({names})",
	}
