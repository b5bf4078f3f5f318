"""The order follows its bill: by ERPNext's "Update Items", else by a new order while nothing hangs on the old one."""

from __future__ import annotations

import json

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, flt, nowdate

from auto_dealer.payments.billed import LINK_FIELDS
from auto_dealer.payments.make_order import ORDER, make_order
from auto_dealer.payments.post import as_system, cancel, submit
from auto_dealer.payments.rules.bill import Bill, money, order_lines


class OrderKept(frappe.ValidationError):
	"""The agreed sum has changed, but what hangs on the order does not let it follow."""


def is_in_step(order: Document, bill: Bill, customer: str) -> bool:
	lines, _rest = order_lines(bill)
	return (
		order.customer == customer
		and money(order.grand_total) == money(bill.total)
		and [line_key(row.item_code, row.qty, row.rate) for row in order.items]
		== [line_key(row.line.item_code, row.line.qty, row.rate) for row in lines]
	)


def line_key(item: str, qty, rate) -> tuple:
	return item, flt(qty, 3), money(rate)


def follow(order: Document, bill: Bill, customer: str) -> Document:
	"""The same order with other lines; a new one in its place when that does not work and nothing hangs on it."""
	is_free = not has_payments_or_invoices(order)
	if order.customer == customer and flt(order.discount_amount, 2) == flt(order_lines(bill)[1], 2):
		frappe.db.savepoint("dealer_order")
		try:
			return update_lines(order, bill)
		except OrderKept:
			frappe.db.rollback(save_point="dealer_order")
			if not is_free:
				raise
			frappe.clear_last_message()
	if not is_free:
		throw_kept(order, _("the client or the discount is another one"))
	return replace(order, bill, customer)


def has_payments_or_invoices(order: Document) -> bool:
	return bool(
		frappe.db.exists(
			"Payment Entry Reference",
			{"reference_doctype": ORDER, "reference_name": order.name, "docstatus": 1},
		)
		or frappe.db.exists("Sales Invoice Item", {"sales_order": order.name, "docstatus": 1})
		or frappe.db.exists("Delivery Note Item", {"against_sales_order": order.name, "docstatus": 1})
	)


def update_lines(order: Document, bill: Bill) -> Document:
	"""By ERPNext's "Update Items"; it says itself what cannot be less than was invoiced or delivered."""
	from erpnext.controllers.accounts_controller import update_child_qty_rate

	rows = matched_rows(order, bill)
	try:
		with as_system():
			update_child_qty_rate(ORDER, json.dumps(rows, default=cstr), order.name)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise
	except frappe.ValidationError as error:
		throw_kept(order, frappe.utils.strip_html(cstr(error)))
	order = frappe.get_doc(ORDER, order.name)
	if money(order.grand_total) != money(bill.total):
		throw_kept(order, _("its total would be {0}").format(order.get_formatted("grand_total")))
	set_descriptions(order, bill)
	return order


def matched_rows(order: Document, bill: Bill) -> list[dict]:
	"""The bill's lines, each with the name of the order's row that it replaces, by the item and then by the place."""
	free = list(order.items)
	rows = []
	for line in order_lines(bill)[0]:
		same = next((row for row in free if row.item_code == line.line.item_code), None)
		if same:
			free.remove(same)
		rows.append(
			{
				"docname": same.name if same else None,
				"name": same.name if same else None,
				"item_code": line.line.item_code,
				"qty": flt(line.line.qty),
				"rate": flt(line.rate),
				"uom": same.uom
				if same
				else frappe.get_cached_value("Item", line.line.item_code, "stock_uom"),
				"conversion_factor": 1,
				"delivery_date": cstr(order.delivery_date or nowdate()),
				"warehouse": line.line.warehouse,
				"idx": len(rows) + 1,
			}
		)
	return rows


def set_descriptions(order: Document, bill: Bill) -> None:
	for row, line in zip(order.items, bill.lines, strict=False):
		if row.item_code == line.item_code and row.description != line.description:
			row.db_set("description", line.description, update_modified=False)


def replace(order: Document, bill: Bill, customer: str) -> Document:
	"""Nobody has paid for or invoiced anything: the order and what was asked for are cancelled, a new one is made."""
	doctype, name = next((d, order.get(field)) for d, field in LINK_FIELDS.items() if order.get(field))
	for request in frappe.get_all(
		"Payment Request",
		{"reference_doctype": ORDER, "reference_name": order.name, "docstatus": 1},
		pluck="name",
	):
		cancel(frappe.get_doc("Payment Request", request))
	order.reload()
	cancel(order)
	return submit(make_order(doctype, name, bill, customer))


def throw_kept(order: Document, reason: str) -> None:
	frappe.throw(
		_("The sum cannot be changed in the order {0}: {1}. Correct it with a credit note first.").format(
			order.name, reason
		),
		OrderKept,
		title=_("The order stays as it is"),
	)
