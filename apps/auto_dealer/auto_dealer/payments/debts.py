"""Documents of ERPNext that still take money for a billed document: invoices first, then what is not invoiced yet."""

from __future__ import annotations

import frappe
from frappe.utils import flt

from auto_dealer.payments.billed import LINK_FIELDS
from auto_dealer.payments.rules.amounts import Debt
from auto_dealer.payments.rules.bill import money
from auto_dealer.payments.rules.totals import OrderFact


def find_debts(doctype: str, name: str) -> list[Debt]:
	return [*unpaid_invoices(doctype, name), *unbilled_orders(doctype, name)]


def unpaid_invoices(doctype: str, name: str) -> list[Debt]:
	rows = frappe.get_all(
		"Sales Invoice",
		{LINK_FIELDS[doctype]: name, "docstatus": 1, "is_return": 0, "outstanding_amount": (">", 0)},
		["name", "outstanding_amount"],
		order_by="posting_date, creation",
	)
	return [Debt("Sales Invoice", row.name, money(row.outstanding_amount)) for row in rows]


def unbilled_orders(doctype: str, name: str) -> list[Debt]:
	"""ERPNext takes advances for an order up to what of it is not invoiced, less what was paid in advance."""
	debts = []
	for row in frappe.get_all(
		"Sales Order",
		{LINK_FIELDS[doctype]: name, "docstatus": 1, "status": ("!=", "Closed")},
		pluck="name",
		order_by="creation",
	):
		order = frappe.get_doc("Sales Order", row)
		total = money(order.rounded_total or order.grand_total)
		amount = sum((money(abs(item.amount)) for item in order.items), money(0))
		billed = sum((money(min(abs(item.billed_amt), abs(item.amount))) for item in order.items), money(0))
		left = OrderFact(total, amount, billed).unbilled - advances_of(row)
		if left > 0:
			debts.append(Debt("Sales Order", row, left))
	return debts


def advances_of(order: str):
	"""What was paid for the order and is not allocated to an invoice yet."""
	rows = frappe.get_all(
		"Payment Ledger Entry",
		{"against_voucher_type": "Sales Order", "against_voucher_no": order, "delinked": 0},
		["sum(amount_in_account_currency) as amount"],
		order_by=None,
	)
	return money(-flt(rows[0].amount)) if rows else money(0)
