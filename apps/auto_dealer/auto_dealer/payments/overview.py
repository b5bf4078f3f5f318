"""All payments of one document, past and coming, for the tab Payments (R191) and the client's own pages."""

from __future__ import annotations

from typing import Any

import frappe

from auto_dealer.payments.billed import LINK_FIELDS
from auto_dealer.payments.open_invoices import OPEN, REQUEST
from auto_dealer.payments.public_invoice import REQUEST as LINKED
from auto_dealer.payments.public_invoice import link_to

MOST = 100


def get_overview(doctype: str, name: str) -> dict[str, Any]:
	"""`{currency, total, paid, outstanding, invoices, payments, acts}`; the right to see it is the caller's duty."""
	fields = ["currency", "paid_amount", "outstanding_amount", "customer"]
	doc = frappe.db.get_value(doctype, name, fields, as_dict=True)
	return {
		"currency": doc.currency,
		"paid": doc.paid_amount,
		"outstanding": doc.outstanding_amount,
		"invoices": get_invoices(doctype, name),
		"payments": get_payments(doctype, name),
		"acts": get_acts({LINK_FIELDS[doctype]: name}),
	}


def get_invoices(doctype: str, name: str) -> list[dict]:
	"""Invoices for payment, the newest first; those that wait for money with their links."""
	rows = frappe.get_all(
		REQUEST,
		{LINK_FIELDS[doctype]: name, "docstatus": 1},
		[
			*("name", "transaction_date", "grand_total", "outstanding_amount", "status", "currency"),
			*("dealer_due_date", "dealer_is_prepayment"),
		],
		order_by="creation desc",
		limit=MOST,
	)
	for row in rows:
		row.is_open = row.status in OPEN
		row.url = link_to(LINKED, row.name)
		row.is_overdue = bool(
			row.is_open and row.dealer_due_date and row.dealer_due_date < frappe.utils.getdate()
		)
	return rows


def get_payments(doctype: str, name: str) -> list[dict]:
	"""Money that came or went back, the newest first."""
	return frappe.get_all(
		"Payment Entry",
		{LINK_FIELDS[doctype]: name, "docstatus": 1},
		["name", "posting_date", "payment_type", "mode_of_payment", "paid_amount", "reference_no"],
		order_by="posting_date desc, creation desc",
		limit=MOST,
	)


def get_acts(filters: dict) -> list[dict]:
	"""Invoices for works done and sales, credit notes among them, the newest first."""
	rows = frappe.get_all(
		"Sales Invoice",
		{**filters, "docstatus": 1},
		[
			*("name", "posting_date", "grand_total", "outstanding_amount", "status", "currency", "is_return"),
			*LINK_FIELDS.values(),
		],
		order_by="posting_date desc, creation desc",
		limit=MOST,
	)
	for row in rows:
		row.url = link_to("Sales Invoice", row.name)
	return rows


def get_client_acts(customer: str | None, doctype: str) -> list[dict]:
	"""Invoices for works done to the same client in deals and orders that the user may read (R230)."""
	if not customer:
		return []
	rows = get_acts({"customer": customer})
	names = {field: {row.get(field) for row in rows if row.get(field)} for field in LINK_FIELDS.values()}
	readable = {
		field: set(frappe.get_list(kind, {"name": ("in", list(names[field]))}, pluck="name"))
		for kind, field in LINK_FIELDS.items()
		if names[field]
	}
	return [row for row in rows if any(row.get(field) in seen for field, seen in readable.items())]
