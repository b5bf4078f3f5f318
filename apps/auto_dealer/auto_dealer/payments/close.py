"""The act of completed works or the sale's invoice: ERPNext's Sales Invoice of all that is not invoiced yet."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, nowdate

from auto_dealer.payments import totals
from auto_dealer.payments.billed import LINK_FIELDS, BillNotTaken, get_bill
from auto_dealer.payments.post import submit
from auto_dealer.payments.sales_order import ensure_order, is_fully_billed, is_of_work_order


def make_sales_invoice(doctype: str, name: str, update_stock: bool = False) -> str:
	"""The name of the submitted Sales Invoice; the last one when everything is invoiced already.

	Payments made in advance are allocated to it. `update_stock`: parts and cars leave their warehouses with it; what
	would go below zero is refused by ERPNext. Permissions are the caller's duty.
	"""
	order = ensure_order(doctype, name)
	if is_of_work_order(order, doctype):
		frappe.throw(
			_("The act is made in the work order {0}.").format(order.dealer_work_order), BillNotTaken
		)
	if is_fully_billed(order):
		return last_invoice(doctype, name)
	invoice = make_invoice(order, update_stock or has_serial(doctype, name))
	if cint(invoice.update_stock):
		set_serials(invoice, get_bill(frappe.get_doc(doctype, name)))
	submit(invoice)
	totals.mark(doctype, name)
	return invoice.name


def make_invoice(order: Document, update_stock: bool) -> Document:
	"""Unsaved. Only advances for this very order are allocated, not the client's other money."""
	from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice as from_order

	# The caller has checked the right on what is billed.
	invoice = from_order(order.name, ignore_permissions=True)
	invoice.update(
		{
			"set_posting_time": 0,
			"posting_date": nowdate(),
			"due_date": nowdate(),
			"payment_terms_template": None,
			"payment_schedule": [],
			"ignore_default_payment_terms_template": 1,
			"disable_rounded_total": order.disable_rounded_total,
			"allocate_advances_automatically": 1,
			"only_include_allocated_payments": 1,
			"update_stock": int(update_stock and has_stock(invoice)),
			**{field: order.get(field) for field in LINK_FIELDS.values()},
		}
	)
	count_returned(invoice, order)
	return invoice


def has_stock(invoice: Document) -> bool:
	"""Whether anything leaves a warehouse: ERPNext asks ten times a line about the stock of what has none."""
	return any(frappe.get_cached_value("Item", row.item_code, "is_stock_item") for row in invoice.items)


def count_returned(invoice: Document, order: Document) -> None:
	"""What came back by a credit note is invoiced anew: ERPNext would leave it out for good."""
	rows = {row.name: row for row in order.items if row.returned_qty}
	for line in invoice.items:
		if row := rows.get(line.so_detail):
			open_share = 1 - flt(row.billed_amt) / flt(row.amount) if flt(row.amount) else 1
			line.qty = flt(row.qty * open_share, line.precision("qty"))


def last_invoice(doctype: str, name: str) -> str:
	filters = {LINK_FIELDS[doctype]: name, "docstatus": 1, "is_return": 0}
	found = frappe.db.get_value("Sales Invoice", filters, "name", order_by="posting_date desc, creation desc")
	if not found:
		frappe.throw(_("{0} has nothing to invoice.").format(name), BillNotTaken)
	return found


def has_serial(doctype: str, name: str) -> bool:
	"""A car of our own leaves the stock by its VIN, whoever makes the invoice."""
	return any(line.serial_no for line in get_bill(frappe.get_doc(doctype, name)).lines)


def set_serials(invoice: Document, bill) -> None:
	serials = {line.item_code: line.serial_no for line in bill.lines if line.serial_no}
	for row in invoice.items:
		if serial := serials.get(row.item_code):
			row.update(
				{
					"serial_no": serial,
					"use_serial_batch_fields": 1,
					"warehouse": frappe.db.get_value("Serial No", serial, "warehouse"),
				}
			)
