"""Invoices for payment (ERPNext's Payment Requests) of a billed document."""

from __future__ import annotations

from decimal import Decimal

import frappe

from auto_dealer.payments.billed import LINK_FIELDS
from auto_dealer.payments.post import cancel
from auto_dealer.payments.rules.amounts import OpenInvoice, outdated
from auto_dealer.payments.rules.bill import money

REQUEST = "Payment Request"
OPEN = ("Requested", "Initiated", "Partially Paid")


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
	"""Cancels what asks for more than is left to pay (the sum fell, or somebody paid past the invoice); what stays."""
	invoices = find_open(doctype, name)
	dropped = outdated(max(outstanding, Decimal(0)), invoices)
	for request in dropped:
		cancel(frappe.get_doc(REQUEST, request))
	return [invoice for invoice in invoices if invoice.name not in dropped]
