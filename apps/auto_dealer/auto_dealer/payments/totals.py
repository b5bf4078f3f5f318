"""`paid_amount` and `outstanding_amount` of a billed document, equal to the ledger at every commit.

Whatever touches the ledger marks the documents that it is for; they are counted anew once, right before the commit.
"""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe.utils import flt

from auto_dealer.payments.billed import get_bill, note, sees_everything
from auto_dealer.payments.ledger import read_facts
from auto_dealer.payments.rules.bill import money
from auto_dealer.payments.rules.totals import Totals, compute
from auto_dealer.robots.fire import fire_event

PAYMENT_RECEIVED, FULLY_PAID = "Payment Received", "Fully Paid"


def mark(doctype: str, name: str) -> None:
	"""Counted anew before the transaction is committed."""
	if not hasattr(frappe.local, "dealer_billed"):
		frappe.local.dealer_billed = {}
	frappe.local.dealer_billed[(doctype, name)] = True
	if flush not in frappe.db.before_commit._functions:
		frappe.db.before_commit.add(flush)
		frappe.db.after_rollback.add(forget)


def forget() -> None:
	frappe.local.dealer_billed = {}


def flush() -> None:
	"""Counts everything that was marked; also before an answer that shows the sums."""
	while marked := getattr(frappe.local, "dealer_billed", None):
		for doctype, name in sorted(marked):
			marked.pop((doctype, name))
			refresh(doctype, name)


def refresh(doctype: str, name: str) -> Totals | None:
	"""Writes the sums as the ledger has them, and tells the robots what was paid. None when the document is gone."""
	fields = ["paid_amount", "outstanding_amount"]
	before = frappe.db.get_value(doctype, name, fields, as_dict=True, for_update=True)
	if not before:
		return None
	totals = count(doctype, name, lock=not sees_everything(doctype, name))
	if (money(before.paid_amount), money(before.outstanding_amount)) == (totals.paid, totals.outstanding):
		return totals
	note(doctype, name, paid_amount=flt(totals.paid), outstanding_amount=flt(totals.outstanding))
	frappe.publish_realtime(
		"dealer_payments",
		{"doctype": doctype, "name": name},
		doctype=doctype,
		docname=name,
		after_commit=True,
	)
	if totals.paid > money(before.paid_amount):
		fire_event(doctype, name, PAYMENT_RECEIVED)
		if totals.outstanding <= 0 < money(before.outstanding_amount):
			fire_event(doctype, name, FULLY_PAID)
	return totals


def count(doctype: str, name: str, lock: bool = True) -> Totals:
	"""As the ledger says now; writes nothing. `lock`: see `payments.ledger`."""
	return compute(read_facts(doctype, name, agreed_sum(doctype, name), lock))


def agreed_sum(doctype: str, name: str) -> Decimal:
	if doctype == "Auto Deal":
		return money(frappe.db.get_value(doctype, name, "amount", for_update=True))
	return money(get_bill(frappe.get_doc(doctype, name)).total)
