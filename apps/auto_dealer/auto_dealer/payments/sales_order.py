"""What was agreed, as ERPNext's Sales Order: one for a billed document, equal to its bill."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils import cint, flt

from auto_dealer.payments import totals
from auto_dealer.payments.billed import LINK_FIELDS, get_checked_bill, lock_billed, lock_rows, note
from auto_dealer.payments.customer import ensure_customer
from auto_dealer.payments.follow_bill import follow, is_in_step
from auto_dealer.payments.make_order import DEAL, ORDER, deal_above, make_order
from auto_dealer.payments.post import submit


def ensure_order(doctype: str, name: str) -> Document:
	"""The submitted order of this document, brought to its bill; made when there is none.

	The document's row is locked until the transaction ends, so there is one order whoever asks at the same time.
	Permissions are the caller's duty.
	"""
	deal = deal_above(doctype, name)
	if deal:
		lock_rows({(DEAL, deal)})
	row = lock_billed(doctype, name)
	order = find_order(row) or (take_over(deal, doctype, name) if deal else None)
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


def find_order(row: frappe._dict) -> Document | None:
	"""The submitted order that the billed row names."""
	order = frappe.get_doc(ORDER, row.sales_order) if row.sales_order else None
	return order if order and order.docstatus == 1 else None


def is_of_work_order(order: Document, doctype: str) -> bool:
	"""Whether a deal's money goes by the order of its work order, which follows that one's lines."""
	return doctype == DEAL and bool(order.get(LINK_FIELDS["Service Work Order"]))


def take_over(deal: str, doctype: str, name: str) -> Document | None:
	"""What the deal was billed before its work order was opened becomes the work order's: advances are kept.

	The order then follows the work order's lines. Nothing is taken over once something was invoiced.
	"""
	field = LINK_FIELDS[doctype]
	order = find_order(frappe.db.get_value(DEAL, deal, ["sales_order"], as_dict=True))
	if not order or order.get(field) or any(row.billed_amt for row in order.items):
		return None
	for kind in (ORDER, "Payment Request", "Payment Entry"):
		for paper in frappe.get_all(kind, {LINK_FIELDS[DEAL]: deal, field: ("is", "not set")}, pluck="name"):
			frappe.db.set_value(kind, paper, field, name, update_modified=False)
	note(doctype, name, sales_order=order.name, last_invoice=frappe.db.get_value(DEAL, deal, "last_invoice"))
	totals.mark(DEAL, deal)
	return frappe.get_doc(ORDER, order.name)


def is_fully_billed(order: Document) -> bool:
	"""Whether nothing of the order is left to invoice."""
	return all(flt(row.billed_amt) >= flt(row.amount) or cint(row.is_free_item) for row in order.items)
