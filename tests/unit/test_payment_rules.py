"""Money by rules: bills, invoices, payments spread over debts, paid and left to pay."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_dealer.payments.rules.amounts import (
	Allocation,
	Debt,
	Decision,
	OpenInvoice,
	Outdated,
	allocate,
	decide,
	outdated,
)
from auto_dealer.payments.rules.bank_line import words_of
from auto_dealer.payments.rules.bank_qr import bank_qr_text
from auto_dealer.payments.rules.bill import Bill, BillLine, find_problem, money, order_lines, sum_of
from auto_dealer.payments.rules.totals import Facts, OrderFact, Totals, compute, received_share

SUMS = st.decimals("0.01", "1000000", places=2)
QUANTITIES = st.decimals("0.1", "50", places=2)


def bill(*lines: BillLine, **values) -> Bill:
	values = {
		"customer": "C",
		"contact": None,
		"company": "D",
		"currency": "RUB",
		"total": sum_of(lines),
		**values,
	}
	return Bill(lines=lines, **values)


def line(qty=1, rate=100, **values) -> BillLine:
	return BillLine("Item", "Work", qty, rate, **values)


# -- bills -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("given_bill", "problem"),
	[
		(bill(line()), ""),
		(bill(line(), customer=None, contact="Ivan"), ""),
		(bill(line(), customer=None), "nobody"),
		(bill(), "empty"),
		(bill(line(rate=0)), "empty"),
		(bill(line(rate=-5)), "negative"),
		(bill(line(qty=0), line()), "quantity"),
		(bill(line(), total=101), "sum"),
		(bill(line(), currency="USD"), "currency"),
		(bill(line(qty=3, discount_amount=50)), ""),
	],
)
def test_what_a_bill_must_be(given_bill, problem):
	assert find_problem(given_bill, "RUB") == problem


@given(
	st.lists(
		st.tuples(QUANTITIES, SUMS, st.decimals("0", "1", places=3)).filter(lambda row: row[0] * row[1] >= 1),
		min_size=1,
		max_size=8,
	)
)
def test_an_order_costs_what_was_agreed(rows):
	"""Whatever the discounts divide by: prices in hundredths and a small discount on the whole."""
	lines = [
		BillLine("Item", "Work", qty, rate, discount_amount=money(qty * rate * part))
		for qty, rate, part in rows
	]
	agreed = bill(*lines)
	made, rest = order_lines(agreed)
	assert sum((row.amount for row in made), D(0)) - rest == money(agreed.total)
	assert all(row.rate == money(row.rate) for row in made)
	assert 0 <= rest <= sum((money(D("0.01") * row.line.qty) + D("0.01") for row in made), D(0))


# -- invoices --------------------------------------------------------------------------------------


def invoice(name: str, amount, left=None, is_prepayment=False) -> OpenInvoice:
	return OpenInvoice(name, D(amount), D(amount if left is None else left), is_prepayment)


@pytest.mark.parametrize(
	("outstanding", "invoices", "asked", "expected"),
	[
		(100, [], {}, Decision(amount=D(100))),
		(100, [], {"share": D("0.5")}, Decision(amount=D(50))),
		(60, [], {"share": D("0.5")}, Decision(amount=D(50))),
		(40, [], {"share": D("0.5")}, Decision(amount=D(40), problem="much")),
		(100, [], {"amount": D("33.335")}, Decision(amount=D("33.34"))),
		(0, [], {}, Decision(problem="paid")),
		(-5, [], {}, Decision(problem="paid")),
		(100, [], {"amount": D(0)}, Decision(problem="little")),
		(100, [invoice("A", 40)], {}, Decision(amount=D(60))),
		(100, [invoice("A", 40)], {"amount": D(61)}, Decision(amount=D(60), problem="much")),
		(100, [invoice("A", 40)], {"amount": D(40)}, Decision(existing="A")),
		(100, [invoice("A", 40)], {"amount": D(40), "is_prepayment": True}, Decision(amount=D(40))),
		(60, [invoice("A", 100, 60)], {}, Decision(existing="A")),
		(60, [invoice("A", 100, 60)], {"amount": D(10)}, Decision(problem="asked")),
	],
)
def test_how_much_an_invoice_is_for(outstanding, invoices, asked, expected):
	assert decide(D(100), D(outstanding), invoices, **asked) == expected


@pytest.mark.parametrize(
	("outstanding", "invoices", "expected"),
	[
		(100, [invoice("A", 40), invoice("B", 60)], Outdated()),
		(90, [invoice("A", 40), invoice("B", 60)], Outdated(("B",))),
		(10, [invoice("A", 40), invoice("B", 60)], Outdated(("B", "A"))),
		(15, [invoice("A", 30, 20), invoice("B", 60)], Outdated(("B",), ("A",))),
		(0, [invoice("A", 30, 20)], Outdated((), ("A",))),
	],
)
def test_invoices_that_ask_for_too_much(outstanding, invoices, expected):
	assert outdated(D(outstanding), invoices) == expected


# -- payments --------------------------------------------------------------------------------------


def test_a_payment_is_spread_over_debts_and_invoices():
	debts = [Debt("Sales Invoice", "S", D(70)), Debt("Sales Order", "O", D(100))]
	invoices = [invoice("A", 50), invoice("B", 100)]
	assert allocate(D(120), debts, invoices) == [
		Allocation("Sales Invoice", "S", D(50), "A"),
		Allocation("Sales Invoice", "S", D(20), "B"),
		Allocation("Sales Order", "O", D(50), "B"),
	]


@given(SUMS, st.lists(SUMS, max_size=4), st.lists(SUMS, max_size=4))
def test_a_payment_never_pays_more_than_there_is(amount, debts, invoices):
	owed = [Debt("Sales Invoice", str(number), left) for number, left in enumerate(debts)]
	asked = [invoice(str(number), left) for number, left in enumerate(invoices)]
	rows = allocate(amount, owed, asked)
	assert sum((row.amount for row in rows), D(0)) == min(amount, sum(debts, D(0)))
	assert all(row.amount > 0 for row in rows)
	assert len({(row.name, row.invoice) for row in rows}) == len(rows), "ERPNext takes a pair once"
	for debt in owed:
		assert sum((row.amount for row in rows if row.name == debt.name), D(0)) <= debt.left
	for paper in asked:
		assert sum((row.amount for row in rows if row.invoice == paper.name), D(0)) <= paper.left


# -- paid and left to pay --------------------------------------------------------------------------


def order(total, billed=0, **values) -> OrderFact:
	return OrderFact(D(total), D(total), D(billed), **values)


@pytest.mark.parametrize(
	("facts", "paid", "outstanding"),
	[
		(Facts(D(100)), 0, 100),
		(Facts(D(100), (order(100),)), 0, 100),
		(Facts(D(100), (order(100),), balance=D(-30), received=D(30)), 30, 70),
		(Facts(D(120), (order(100),), balance=D(-30), received=D(30)), 30, 90),
		(Facts(D(100), (order(100, 100),), D(100), D(70), D(30)), 30, 70),
		(Facts(D(100), (order(100, 40),), D(40), D(0), D(40)), 40, 60),
		# an invoiced order no longer follows the agreed sum
		(Facts(D(120), (order(100, 100),), D(100), D(100)), 0, 100),
		# closed by an accountant: nothing more is to come
		(Facts(D(100), (order(100, is_closed=True),), balance=D(-30), received=D(30)), 30, -30),
		# the work order of the deal says what is agreed
		(Facts(D(100), (order(80, is_own=False),)), 0, 80),
		# invoiced without an order
		(Facts(D(100), invoiced=D(60), balance=D(60)), 0, 100),
	],
)
def test_paid_and_left_to_pay(facts, paid, outstanding):
	assert compute(facts) == Totals(D(paid), D(outstanding))


@pytest.mark.parametrize(
	("received", "credited", "share"), [(95, 100, "0.95"), (100, 100, 1), (100, 0, 1), (9, 8, 1)]
)
def test_a_discount_with_a_payment_is_no_money(received, credited, share):
	assert received_share(D(received), D(credited)) == D(share)


# -- the bank's QR code ----------------------------------------------------------------------------


def test_a_bank_reads_the_invoice():
	seller = {"name": "ООО А|Б", "account": "4070", "bank_name": "Банк", "bank_code": "0445", "tax_id": "77"}
	assert bank_qr_text(seller, D("1234.50"), "Счёт 1") == (
		"ST00012|Name=ООО А Б|PersonalAcc=4070|BankName=Банк|BIC=0445|CorrespAcc=0|Sum=123450|Purpose=Счёт 1|PayeeINN=77"
	)
	assert bank_qr_text({**seller, "account": None}, D(1), "x") == ""


def test_a_bank_line_names_its_invoice():
	text = "Оплата по счёту № acc-prq-2026-00040 от 22.11.2026, НДС не облагается"
	assert words_of(text, None, "ACC-PRQ-2026-00040") == ["ACC-PRQ-2026-00040", "2026"]
