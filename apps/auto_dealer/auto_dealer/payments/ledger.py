"""What ERPNext's documents and its Payment Ledger say about one billed document.

Right before a commit the reads lock what they read (shared): so they see what others have committed in the meantime,
whenever the transaction began, and nothing is inserted into the locked gaps afterwards. A use case that has taken the
billed row in a fresh transaction sees everything anyway, and reads without locks.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import frappe

from auto_dealer.payments.billed import LINK_FIELDS
from auto_dealer.payments.rules.totals import Facts, OrderFact, received_share, sum_of

ORDERS = """select o.name, o.docstatus, o.status, o.dealer_work_order, if(o.rounded_total, o.rounded_total, o.grand_total) as total,
	sum(abs(i.amount)) as amount, sum(least(abs(i.billed_amt), abs(i.amount))) as billed
	from `tabSales Order` o join `tabSales Order Item` i on i.parent = o.name and i.parenttype = 'Sales Order'
	where {link} and o.docstatus in (1, 2) group by o.name"""
INVOICES = """select o.name, o.docstatus, o.is_return, o.is_pos, o.paid_amount, o.change_amount,
	if(o.rounded_total, o.rounded_total, o.grand_total) as total
	from `tabSales Invoice` o where {link} and o.docstatus in (1, 2)"""
OWN_PAYMENTS = "select o.name from `tabPayment Entry` o where {link} and o.docstatus = 1"
PAYMENTS = """select name, payment_type, paid_amount, received_amount, total_allocated_amount, unallocated_amount
	from `tabPayment Entry` where name in %(names)s"""
LEDGER = """select voucher_type, voucher_no, sum(amount_in_account_currency) as amount
	from `tabPayment Ledger Entry`
	where delinked = 0 and party_type = 'Customer'
	and ((against_voucher_type = 'Sales Invoice' and against_voucher_no in %(invoices)s)
		or (against_voucher_type = 'Sales Order' and against_voucher_no in %(orders)s)
		or (against_voucher_type = 'Payment Entry' and against_voucher_no in %(payments)s and voucher_no = against_voucher_no))
	group by voucher_type, voucher_no"""
MONEY_JOURNALS = """select distinct j.parent from `tabJournal Entry Account` j join `tabAccount` a on a.name = j.account
	where j.parent in %(names)s and a.account_type in ('Bank', 'Cash')"""
NOTHING = ("",)
SHARED = " lock in share mode"


def read_facts(doctype: str, name: str, agreed: Decimal, lock: bool = True) -> Facts:
	"""At most six queries."""
	read = partial(_rows, lock=lock)
	# What is for a work order of a deal names both and counts for both.
	link = f"o.{LINK_FIELDS[doctype]} = %(name)s"
	orders = read(ORDERS.replace("{link}", link), name=name)
	invoices = read(INVOICES.replace("{link}", link), name=name)
	own = [row.name for row in read(OWN_PAYMENTS.replace("{link}", link), name=name)]
	ledger = read_ledger(read, orders, invoices, own)
	live = [row for row in invoices if row.docstatus == 1]
	return Facts(
		agreed=agreed,
		orders=tuple(
			OrderFact(
				_d(row.total),
				_d(row.amount),
				_d(row.billed),
				is_closed=row.status == "Closed",
				is_own=doctype != "Auto Deal" or not row.dealer_work_order,
			)
			for row in orders
			if row.docstatus == 1
		),
		invoiced=sum_of(_d(row.total) for row in live if not row.is_return),
		balance=sum_of(_d(row.amount) for row in ledger),
		received=received(read, ledger)
		+ sum_of(_d(row.paid_amount) - _d(row.change_amount) for row in live if row.is_pos),
	)


def read_ledger(read: Callable, orders: list, invoices: list, own_payments: list[str]) -> list[frappe._dict]:
	"""Signed sums by voucher: invoices plus, payments minus. Cancelled papers too: a payment may still point at them."""
	if not (orders or invoices or own_payments):
		return []
	return read(
		LEDGER,
		orders=[row.name for row in orders] or NOTHING,
		invoices=[row.name for row in invoices] or NOTHING,
		payments=own_payments or NOTHING,
	)


def received(read: Callable, ledger: list[frappe._dict]) -> Decimal:
	"""Money in less money out: payments without their deductions, and journal entries that touch a bank or cash account."""
	credits = {kind: {} for kind in ("Payment Entry", "Journal Entry")}
	for row in ledger:
		if row.voucher_type in credits:
			credits[row.voucher_type][row.voucher_no] = -_d(row.amount)
	payments, journals = credits.values()
	total = Decimal(0)
	if payments:
		total += sum_of(
			payments[row.name] * received_share(*money_of(row))
			for row in read(PAYMENTS, names=list(payments))
		)
	if journals:
		total += sum_of(journals[row.parent] for row in read(MONEY_JOURNALS, names=list(journals)))
	return total


def money_of(payment: frappe._dict) -> tuple[Decimal, Decimal]:
	"""(money, what it credits to the client), both in the currency of the client's account."""
	amount = payment.paid_amount if payment.payment_type == "Receive" else payment.received_amount
	return _d(amount), abs(_d(payment.total_allocated_amount)) + _d(payment.unallocated_amount)


def _rows(query: str, lock: bool, **values) -> list[frappe._dict]:
	return frappe.db.sql(query + SHARED if lock else query, values, as_dict=True)


def _d(value) -> Decimal:
	return Decimal(str(value or 0))
