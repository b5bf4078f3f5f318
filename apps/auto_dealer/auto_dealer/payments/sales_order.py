"""What was agreed, as ERPNext's Sales Order: one for a billed document, equal to its bill."""

from __future__ import annotations

import json

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr, flt, nowdate

from auto_dealer.payments import totals
from auto_dealer.payments.billed import LINK_FIELDS, get_checked_bill, lock_billed, lock_rows, note
from auto_dealer.payments.customer import ensure_customer
from auto_dealer.payments.post import as_system, cancel, submit
from auto_dealer.payments.rules.bill import Bill, money, order_lines

ORDER, DEAL = "Sales Order", "Auto Deal"
# Taxes that can lie within a price; others would come on top of the agreed sum.
WITHIN_PRICE = ("On Net Total", "On Previous Row Amount", "On Previous Row Total")


class OrderKept(frappe.ValidationError):
	"""The agreed sum has changed, but what hangs on the order does not let it follow."""


def ensure_order(doctype: str, name: str) -> Document:
	"""The submitted order of this document, brought to its bill; made when there is none.

	The document's row is locked until the transaction ends, so there is one order whoever asks at the same time.
	Permissions are the caller's duty.
	"""
	deal = deal_above(doctype, name)
	if deal:
		lock_rows({(DEAL, deal)})
	row = lock_billed(doctype, name)
	order = find_order(doctype, name, row) or (take_over(deal, doctype, name) if deal else None)
	if order and is_of_work_order(order, doctype):
		return order
	doc = frappe.get_doc(doctype, name)
	bill = get_checked_bill(doc)
	customer = bill.customer or ensure_customer(bill.contact, doc.get("client_kind"))
	if customer != doc.customer:
		# The row has changed for everybody: a form that is open must be loaded anew.
		doc.db_set("customer", customer)
	if order and is_in_step(order, bill, customer):
		return order
	order = follow(order, bill, customer) if order else submit(make_order(doctype, name, bill, customer))
	note(doctype, name, sales_order=order.name)
	totals.mark(doctype, name)
	if deal and not frappe.db.get_value(DEAL, deal, "sales_order"):
		note(DEAL, deal, sales_order=order.name)
	return order


def find_order(doctype: str, name: str, row: frappe._dict | None = None) -> Document | None:
	"""The order that the row names; documents that keep no name of it are looked for by their link."""
	known = row.get("sales_order") if row else None
	if row is not None and "sales_order" in row:
		found = known
	else:
		filters = {LINK_FIELDS[doctype]: name, "docstatus": 1}
		found = frappe.db.get_value(ORDER, filters, "name", for_update=True, order_by="creation desc")
	if not found:
		return None
	order = frappe.get_doc(ORDER, found)
	return order if order.docstatus == 1 else None


def make_order(doctype: str, name: str, bill: Bill, customer: str) -> Document:
	"""Unsaved. Prices hold the taxes of the company's template, so that the total is the agreed sum."""
	order = frappe.new_doc(ORDER)
	lines, rest = order_lines(bill)
	order.update(
		{
			"customer": customer,
			"company": bill.company,
			"currency": bill.currency or frappe.get_cached_value("Company", bill.company, "default_currency"),
			"transaction_date": nowdate(),
			"delivery_date": nowdate(),
			"contact_person": bill.contact,
			"ignore_pricing_rule": 1,
			"disable_rounded_total": 1,
			"ignore_default_payment_terms_template": 1,
			"apply_discount_on": "Grand Total",
			"discount_amount": flt(rest),
			LINK_FIELDS[doctype]: name,
			**links_above(doctype, name),
		}
	)
	for row in lines:
		order.append("items", item_row(row))
	add_taxes(order)
	return order


def links_above(doctype: str, name: str) -> dict[str, str]:
	"""A work order of a deal: its documents name the deal too, for who looks for them."""
	deal = deal_above(doctype, name)
	return {LINK_FIELDS[DEAL]: deal} if deal else {}


def deal_above(doctype: str, name: str) -> str | None:
	"""The deal that a work order belongs to."""
	if doctype == DEAL or not frappe.get_meta(doctype).has_field("deal"):
		return None
	return frappe.db.get_value(doctype, name, "deal")


def is_of_work_order(order: Document, doctype: str) -> bool:
	"""Whether a deal's money goes by the order of its work order, which follows that one's lines."""
	return doctype == DEAL and bool(order.get(LINK_FIELDS["Service Work Order"]))


def take_over(deal: str, doctype: str, name: str) -> Document | None:
	"""What the deal was billed before its work order was opened becomes the work order's: advances are kept.

	The order then follows the work order's lines. Nothing is taken over once something was invoiced.
	"""
	field = LINK_FIELDS[doctype]
	found = frappe.db.get_value(DEAL, deal, "sales_order")
	order = frappe.get_doc(ORDER, found) if found else None
	if not order or order.docstatus != 1 or order.get(field) or any(row.billed_amt for row in order.items):
		return None
	for kind in (ORDER, "Payment Request", "Payment Entry"):
		for paper in frappe.get_all(kind, {LINK_FIELDS[DEAL]: deal, field: ("is", "not set")}, pluck="name"):
			frappe.db.set_value(kind, paper, field, name, update_modified=False)
	note(doctype, name, sales_order=order.name, last_invoice=frappe.db.get_value(DEAL, deal, "last_invoice"))
	totals.mark(DEAL, deal)
	return frappe.get_doc(ORDER, order.name)


def item_row(row) -> dict:
	line = row.line
	return {
		"item_code": line.item_code,
		"description": line.description,
		"qty": flt(line.qty),
		"rate": flt(row.rate),
		"price_list_rate": max(flt(line.rate), flt(row.rate)),
		"discount_amount": max(flt(line.rate) - flt(row.rate), 0),
		"warehouse": line.warehouse,
		"delivery_date": nowdate(),
	}


def add_taxes(order: Document) -> None:
	from erpnext.accounts.party import set_taxes
	from erpnext.controllers.accounts_controller import get_taxes_and_charges

	template = set_taxes(order.customer, "Customer", order.transaction_date, order.company)
	template = template or frappe.db.get_value(
		"Sales Taxes and Charges Template", {"company": order.company, "is_default": 1, "disabled": 0}
	)
	if not template:
		return
	order.taxes_and_charges = template
	for tax in get_taxes_and_charges("Sales Taxes and Charges Template", template) or []:
		if tax.get("charge_type") in WITHIN_PRICE:
			order.append("taxes", {**tax, "included_in_print_rate": 1})


# -- following the bill ----------------------------------------------------------------------------


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


def is_fully_billed(order: Document) -> bool:
	"""Whether nothing of the order is left to invoice."""
	return all(flt(row.billed_amt) >= flt(row.amount) or cint(row.is_free_item) for row in order.items)
