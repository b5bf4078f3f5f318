"""The end of an order: the sales invoice (акт), and the way back from it by a credit note."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from auto_dealer.orders.move_parts import Move, is_stock_item, post
from auto_dealer.orders.reserve_parts import DOCTYPE
from auto_dealer.orders.rules.stages import CLOSED, HANDED_OVER, IN_WORK, READY
from auto_dealer.orders.rules.totals import decimal
from auto_dealer.orders.warehouses import WORK, warehouse_of
from auto_dealer.payments.close import make_sales_invoice
from auto_dealer.payments.post import as_system, submit

INVOICE = "Sales Invoice"


class CannotInvoice(frappe.ValidationError):
	"""The order is not ready to be invoiced, or has no invoice to take back."""


def make_act(order: str) -> str | None:
	"""The order's submitted Sales Invoice with its stock and advances; made once, while the car is ready or handed over.

	None for an order that costs the client nothing: its parts leave the stock by a Stock Entry when it is closed.
	The caller checks the right to write the order.
	"""
	doc = frappe.get_doc(DOCTYPE, order, for_update=True)
	if doc.sales_invoice:
		return doc.sales_invoice
	if doc.stage not in (READY, HANDED_OVER):
		frappe.throw(_("The act is made when the works are checked and ready."), CannotInvoice)
	if decimal(doc.approved_total) <= 0:
		return None
	invoice = make_sales_invoice(DOCTYPE, order, update_stock=True)
	doc = frappe.get_doc(DOCTYPE, order, for_update=True)
	doc.sales_invoice = invoice
	doc.flags.by_use_case = True
	doc.save()
	return invoice


def close_order(order: str) -> str:
	"""Handed Over → Closed, with the act; gives the stage. The caller checks the right to write the order."""
	invoice = make_act(order)
	doc = frappe.get_doc(DOCTYPE, order, for_update=True)
	if doc.stage == CLOSED:
		return doc.stage
	doc.stage = CLOSED
	doc.flags.by_use_case = True
	doc.save()
	if not invoice:
		use_up(doc)
	return doc.stage


def use_up(order: Document) -> None:
	"""Parts of an order that nobody pays for: ERPNext's Material Issue."""
	place = warehouse_of(order.company, WORK)
	moves = [
		Move(row, decimal(row.issued_qty), place, None)
		for row in order.parts
		if is_stock_item(row.item) and decimal(row.issued_qty) > 0
	]
	post(order, moves, _("used up without an invoice"))


def open_again(order: str, reason: str) -> str:
	"""The credit note that takes the invoice back; the order is in work again and its parts lie in the workshop.

	The caller checks the right to write the order.
	"""
	doc = frappe.get_doc(DOCTYPE, order, for_update=True)
	if not doc.sales_invoice:
		frappe.throw(_("The order has no invoice."), CannotInvoice)
	if not (reason or "").strip():
		frappe.throw(_("Write why the order is opened again."), CannotInvoice)
	note = make_credit_note(doc.sales_invoice)
	doc = frappe.get_doc(DOCTYPE, order, for_update=True)
	doc.append(
		"invoices",
		{
			"sales_invoice": doc.sales_invoice,
			"credit_note": note,
			"reason": reason.strip(),
			"reopened_by": frappe.session.user,
			"reopened_at": now_datetime(),
		},
	)
	doc.update({"sales_invoice": None, "stage": IN_WORK, "closed_at": None, "handed_over_at": None})
	doc.flags.by_use_case = doc.flags.opened_again = True
	doc.save()
	return note


def make_credit_note(invoice: str) -> str:
	"""Of the whole invoice, submitted; the order that was agreed can be invoiced anew."""
	from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

	with as_system():
		note = make_sales_return(invoice)
	note.update({"update_billed_amount_in_sales_order": 1, "update_outstanding_for_self": 0})
	return submit(note).name


def take_stock_along(invoice: Document) -> None:
	"""An invoice of an order that an accountant makes by hand: issued parts leave the workshop's warehouse with it."""
	is_submitted = invoice.docstatus and not invoice.is_new()
	if not invoice.get("dealer_work_order") or invoice.is_return or is_submitted:
		return
	if any(is_stock_item(row.item_code) and not row.get("delivery_note") for row in invoice.items):
		invoice.update_stock = 1


def note_invoice(invoice: Document) -> None:
	"""A submitted Sales Invoice, whoever made it: from now on the order is changed by a credit note only."""
	name = invoice.get("dealer_work_order")
	if name and not invoice.is_return and not frappe.db.get_value(DOCTYPE, name, "sales_invoice"):
		frappe.db.set_value(DOCTYPE, name, "sales_invoice", invoice.name, update_modified=False)


def forget_cancelled_invoice(invoice: Document) -> None:
	"""A cancelled Sales Invoice: an accountant took it back; the order may be changed and invoiced anew."""
	name = invoice.get("dealer_work_order")
	if name and frappe.db.get_value(DOCTYPE, name, "sales_invoice") == invoice.name:
		values = {"sales_invoice": None}
		if frappe.db.get_value(DOCTYPE, name, "stage") == CLOSED:
			values.update({"stage": HANDED_OVER, "closed_at": None, "stage_changed_at": now_datetime()})
		frappe.db.set_value(DOCTYPE, name, values)
