"""Invoices for payment (ERPNext's Payment Requests) of a billed document."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import flt

from auto_dealer.payments.billed import LINK_FIELDS
from auto_dealer.payments.post import cancel
from auto_dealer.payments.rules.amounts import OpenInvoice, outdated
from auto_dealer.payments.rules.bill import money

REQUEST = "Payment Request"
OPEN = ("Requested", "Initiated", "Partially Paid")


class InvoiceIsPaid(frappe.ValidationError):
	"""What was paid is not taken back; a refund is an accountant's matter."""


def find_open(doctype: str, name: str) -> list[OpenInvoice]:
	"""Those that wait for money, the oldest first."""
	rows = frappe.get_all(
		REQUEST,
		{
			LINK_FIELDS[doctype]: name,
			"docstatus": 1,
			"status": ("in", OPEN),
			"payment_request_type": "Inward",
		},
		["name", "grand_total", "outstanding_amount", "dealer_is_prepayment"],
		order_by="creation, name",
	)
	return [
		OpenInvoice(
			row.name, money(row.grand_total), money(row.outstanding_amount), bool(row.dealer_is_prepayment)
		)
		for row in rows
	]


def drop_outdated(doctype: str, name: str, outstanding: Decimal) -> list[OpenInvoice]:
	"""What still asks for money; what asks for more than is left to pay (the sum fell, or somebody paid past the
	invoice) is cancelled, or closed with what was paid for it."""
	invoices = find_open(doctype, name)
	old = outdated(max(outstanding, Decimal(0)), invoices)
	for request in old.cancelled:
		cancel(frappe.get_doc(REQUEST, request))
	for invoice in invoices:
		if invoice.name in old.closed:
			paid = flt(invoice.amount - invoice.left)
			values = {"grand_total": paid, "outstanding_amount": 0, "status": "Paid"}
			frappe.db.set_value(REQUEST, invoice.name, values)
	return [invoice for invoice in invoices if invoice.name not in (*old.cancelled, *old.closed)]


def drop_untouched(doctype: str, name: str, wanted: Decimal, is_prepayment: bool) -> None:
	"""Cancels what nobody has paid anything for, but not the one that is wanted now."""
	for invoice in find_open(doctype, name):
		if invoice.is_untouched and (invoice.amount, invoice.is_prepayment) != (wanted, is_prepayment):
			cancel(frappe.get_doc(REQUEST, invoice.name))


def drop_invoice(name: str) -> None:
	"""Takes one back; with a payment on it, it stays."""
	request = frappe.get_doc(REQUEST, name, for_update=True)
	if money(request.outstanding_amount) != money(request.grand_total):
		frappe.throw(_("Invoice {0} is paid, at least in part.").format(name), InvoiceIsPaid)
	cancel(request)
