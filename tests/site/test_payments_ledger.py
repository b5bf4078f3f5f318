"""Paid and left to pay equal the ledger after whatever happens, in whatever order, by whomever."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from factories import make_deal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import erpnext
import frappe
from frappe.utils import flt, nowdate

from auto_dealer.payments.close import make_sales_invoice
from auto_dealer.payments.create_invoice import create_invoice
from auto_dealer.payments.record_payment import read_parts, record_payment
from auto_dealer.payments.sales_order import ensure_order

DEAL = "Auto Deal"
numbers = itertools.count()


# -- what an accountant sees -----------------------------------------------------------------------


def ledger_balance(customer: str) -> float:
	"""What the client owes by the general ledger: its rows on receivable accounts."""
	rows = frappe.db.sql(
		"""select sum(g.debit - g.credit) from `tabGL Entry` g join `tabAccount` a on a.name = g.account
		where g.party_type = 'Customer' and g.party = %s and g.is_cancelled = 0 and a.account_type = 'Receivable'""",
		customer,
	)
	return flt(rows[0][0], 2)


def money_in(customer: str) -> float:
	"""What came into bank and cash accounts by documents that touch the client."""
	rows = frappe.db.sql(
		"""select sum(g.debit - g.credit) from `tabGL Entry` g join `tabAccount` a on a.name = g.account
		where g.is_cancelled = 0 and a.account_type in ('Bank', 'Cash') and g.voucher_no in (
			select voucher_no from `tabGL Entry` where party = %s and party_type = 'Customer' and is_cancelled = 0)""",
		customer,
	)
	return flt(rows[0][0], 2)


def not_invoiced(deal) -> float:
	"""The agreed sum less what of it was put into invoices; a credit note does not open it again."""
	live = frappe.get_all(
		"Sales Invoice", {"dealer_deal": deal.name, "docstatus": 1, "is_return": 0}, pluck="total"
	)
	return flt(max(flt(deal.amount) - sum(map(flt, live)), 0), 2)


def check_sums(deal_name: str) -> None:
	frappe.db.commit()
	deal = frappe.get_doc(DEAL, deal_name)
	expected = (money_in(deal.customer), not_invoiced(deal) + ledger_balance(deal.customer))
	assert (flt(deal.paid_amount, 2), flt(deal.outstanding_amount, 2)) == tuple(
		flt(value, 2) for value in expected
	)


# -- what may happen -------------------------------------------------------------------------------


class Course:
	"""One deal, and what people do with its money. What ERPNext or we refuse leaves nothing behind."""

	def __init__(self, amount: float):
		number = next(numbers)
		self.deal = make_deal(
			pipeline="Body Repair",
			amount=amount,
			client_name=f"Клиент {frappe.generate_hash(length=8)} {number}",
		).name
		ensure_order(DEAL, self.deal)
		self.done: list[str] = []
		self.refused: list[str] = []

	def take(self, step: Callable, part: float) -> None:
		frappe.db.savepoint("step")
		try:
			if step(self, part) is not False:
				self.done.append(step.__name__)
		except frappe.ValidationError as refusal:
			self.refused.append(f"{step.__name__}: {refusal}")
			frappe.db.rollback(save_point="step")
			frappe.clear_messages()
		check_sums(self.deal)

	def value(self, field: str):
		return frappe.db.get_value(DEAL, self.deal, field)

	def order(self) -> str:
		return self.value("sales_order")

	def pick(self, doctype: str, part: float, **filters) -> str | None:
		names = frappe.get_all(
			doctype, {"dealer_deal": self.deal, "docstatus": 1, **filters}, pluck="name", order_by="creation"
		)
		return names[int(part * len(names)) % len(names)] if names else None


def account(kind: str, **filters) -> str:
	return frappe.db.get_value("Account", {"account_type": kind, "is_group": 0, **filters})


def cash_mode() -> str:
	return frappe.db.get_value("Mode of Payment", {"type": "Cash"})


def change_sum(course: Course, part: float):
	deal = frappe.get_doc(DEAL, course.deal)
	deal.amount = flt(500 + part * 20_000, 2)
	deal.save()


def ask(course: Course, part: float):
	create_invoice(DEAL, course.deal, share=round(part, 2) or 0.5, is_prepayment=True)


def ask_for_the_rest(course: Course, part: float):
	create_invoice(DEAL, course.deal)


def take_money(course: Course, part: float):
	amount = flt(course.value("outstanding_amount") * min(part + 0.05, 1), 2)
	record_payment(DEAL, course.deal, read_parts([{"mode": cash_mode(), "amount": amount}]))


def accountant_pays(course: Course, part: float):
	"""ERPNext's own payment entry against the invoice or the order, a part of it given as a discount."""
	from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry

	invoice = course.pick("Sales Invoice", part, outstanding_amount=(">", 1), is_return=0)
	entry = get_payment_entry(
		"Sales Invoice" if invoice else "Sales Order", invoice or course.order(), bank_account=account("Bank")
	)
	amount = flt(entry.references[0].allocated_amount * max(part, 0.1), 2)
	entry.references[0].allocated_amount = amount
	discount = flt(amount * 0.05, 2) if part > 0.5 else 0
	entry.paid_amount = entry.received_amount = flt(amount - discount, 2)
	if discount:
		entry.append(
			"deductions",
			{
				"account": frappe.db.get_value("Company", entry.company, "write_off_account")
				or account("Expense Account"),
				"cost_center": erpnext.get_default_cost_center(entry.company),
				"amount": discount,
			},
		)
	entry.reference_no, entry.reference_date = "B-1", nowdate()
	entry.insert().submit()


def cancel_payment(course: Course, part: float):
	if not (name := course.pick("Payment Entry", part)):
		return False
	frappe.get_doc("Payment Entry", name).cancel()


def make_act(course: Course, part: float):
	make_sales_invoice(DEAL, course.deal)


def invoice_a_part(course: Course, part: float):
	"""An accountant invoices less than was ordered, and gives a discount on the whole."""
	from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice as from_order

	invoice = from_order(course.order())
	if not invoice.items:
		return False
	for row in invoice.items:
		row.rate = flt(row.rate * (0.2 + part * 0.7), 2)
	if part > 0.6:
		invoice.apply_discount_on, invoice.discount_amount = "Grand Total", 11.13
	invoice.disable_rounded_total = int(part < 0.5)
	invoice.allocate_advances_automatically = int(part > 0.3)
	invoice.only_include_allocated_payments = 1
	invoice.insert().submit()


def cancel_invoice(course: Course, part: float):
	if not (name := course.pick("Sales Invoice", part)):
		return False
	frappe.get_doc("Sales Invoice", name).cancel()


def credit_note(course: Course, part: float):
	from erpnext.controllers.sales_and_purchase_return import make_return_doc

	name = course.pick("Sales Invoice", part, is_return=0)
	if not name or frappe.db.exists("Sales Invoice", {"return_against": name, "docstatus": 1}):
		return False
	note = make_return_doc("Sales Invoice", name)
	note.update_outstanding_for_self = int(part > 0.5)
	note.insert().submit()


def refund(course: Course, part: float):
	"""Money goes back for a credit note."""
	from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry

	name = course.pick("Sales Invoice", part, is_return=1, outstanding_amount=("<", 0))
	if not name:
		return False
	entry = get_payment_entry("Sales Invoice", name, bank_account=account("Bank"))
	entry.reference_no, entry.reference_date = "R-1", nowdate()
	entry.insert().submit()


def write_off(course: Course, part: float):
	"""A journal entry takes a little off an invoice; no money moves."""
	name = course.pick("Sales Invoice", part, outstanding_amount=(">", 10), is_return=0)
	if not name:
		return False
	invoice = frappe.get_doc("Sales Invoice", name)
	center = erpnext.get_default_cost_center(invoice.company)
	entry = frappe.get_doc(
		{
			"doctype": "Journal Entry",
			"voucher_type": "Write Off Entry",
			"company": invoice.company,
			"posting_date": nowdate(),
			"accounts": [
				{
					"account": invoice.debit_to,
					"party_type": "Customer",
					"party": invoice.customer,
					"credit_in_account_currency": 3.33,
					"reference_type": "Sales Invoice",
					"reference_name": name,
					"cost_center": center,
				},
				{
					"account": frappe.db.get_value("Company", invoice.company, "write_off_account"),
					"debit_in_account_currency": 3.33,
					"cost_center": center,
				},
			],
		}
	)
	entry.insert().submit()


def pay_without_a_paper(course: Course, part: float):
	"""Money for the deal that is not allocated to anything, as after an overpayment."""
	deal = frappe.get_doc(DEAL, course.deal)
	company = erpnext.get_default_company()
	entry = frappe.get_doc(
		{
			"doctype": "Payment Entry",
			"payment_type": "Receive",
			"company": company,
			"party_type": "Customer",
			"party": deal.customer,
			"paid_from": frappe.db.get_value("Company", company, "default_receivable_account"),
			"paid_to": account("Cash"),
			"paid_amount": flt(1 + part * 500, 2),
			"received_amount": flt(1 + part * 500, 2),
			"source_exchange_rate": 1,
			"target_exchange_rate": 1,
			"reference_no": "U-1",
			"reference_date": nowdate(),
			"dealer_deal": course.deal,
		}
	)
	entry.insert().submit()


def reconcile(course: Course, part: float):
	"""ERPNext's Payment Reconciliation allocates what lies about; only the ledger is written."""
	invoice = course.pick("Sales Invoice", part, outstanding_amount=(">", 0), is_return=0)
	if not invoice:
		return False
	doc = frappe.get_doc("Sales Invoice", invoice)
	tool = frappe.get_doc("Payment Reconciliation")
	tool.update(
		{
			"company": doc.company,
			"party_type": "Customer",
			"party": doc.customer,
			"receivable_payable_account": doc.debit_to,
		}
	)
	tool.get_unreconciled_entries()
	if not tool.invoices or not tool.payments:
		return False
	tool.allocate_entries(
		frappe._dict(
			invoices=[row.as_dict() for row in tool.invoices],
			payments=[row.as_dict() for row in tool.payments],
		)
	)
	tool.reconcile()


STEPS = (
	*(change_sum, ask, ask_for_the_rest, take_money, take_money, accountant_pays, cancel_payment),
	*(
		make_act,
		invoice_a_part,
		cancel_invoice,
		credit_note,
		refund,
		write_off,
		pay_without_a_paper,
		reconcile,
	),
)


@pytest.mark.requirement("R185", "R186")
@settings(
	max_examples=12,
	deadline=None,
	suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
	amount=st.decimals(1_000, 90_000, places=2),
	steps=st.lists(st.tuples(st.sampled_from(STEPS), st.floats(0, 0.99)), min_size=6, max_size=14),
)
def test_sums_equal_the_ledger_after_any_course_of_events(amount, steps):
	course = Course(float(amount))
	for step, part in steps:
		course.take(step, part)


@pytest.mark.parametrize(
	"step", sorted(set(STEPS), key=lambda step: step.__name__), ids=lambda step: step.__name__
)
def test_each_step_of_the_course_can_happen(step):
	"""The random test above means something only if its steps are not all refused."""
	course = Course(10_000.01)
	ways = {
		cancel_payment: (take_money,),
		cancel_invoice: (make_act,),
		credit_note: (make_act,),
		refund: (take_money, make_act, credit_note),
		write_off: (make_act,),
		reconcile: (pay_without_a_paper, make_act),
	}
	before = ways.get(step, ())
	for earlier in before:
		course.take(earlier, 0.9)
	course.take(step, 0.9)
	assert course.done == [*(earlier.__name__ for earlier in before), step.__name__], course.refused
