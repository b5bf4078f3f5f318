"""Annuity, overpayment, effective rate and affordability against values known from elsewhere."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from auto_dealer.credit.rules.affordability import affordability
from auto_dealer.credit.rules.annuity import (
	BadTerms,
	Terms,
	effective_rate,
	monthly_payment,
	overpayment,
	schedule,
)

# sum, rate, months, balloon → payment; the values are those of a spreadsheet's PMT(rate/12, months, -sum, balloon).
PAYMENTS = [
	("1000000", "12", 12, "0", "88848.79"),
	("1000000", "18", 60, "0", "25393.43"),
	("1200000", "24", 36, "0", "47079.42"),
	("1000000", "12", 12, "300000", "65194.15"),
	("1000000", "0", 12, "0", "83333.33"),
	("1000000", "0", 10, "400000", "60000.00"),
	("100", "36", 1, "0", "103.00"),
]


@pytest.mark.requirement("R94")
@pytest.mark.parametrize(("credit_sum", "rate", "months", "balloon", "payment"), PAYMENTS)
def test_monthly_payment(credit_sum: str, rate: str, months: int, balloon: str, payment: str):
	assert monthly_payment(Terms(D(credit_sum), D(rate), months, D(balloon))) == D(payment)


@pytest.mark.parametrize(("credit_sum", "rate", "months", "balloon", "payment"), PAYMENTS)
def test_a_schedule_ends_at_nothing(credit_sum: str, rate: str, months: int, balloon: str, payment: str):
	terms = Terms(D(credit_sum), D(rate), months, D(balloon))
	rows = schedule(terms)
	assert len(rows) == months
	assert rows[-1].rest == 0
	assert sum(row.principal for row in rows) == D(credit_sum)
	assert {row.total for row in rows[:-1]} <= {D(payment)}
	assert all(row.total == row.interest + row.principal for row in rows)
	assert overpayment(rows) == sum(row.total for row in rows) - D(credit_sum)
	# The last one corrects the roundings: at most half a kopeck for each month, and its interest.
	assert abs(rows[-1].total - D(payment) - D(balloon)) <= D("0.02") * months


def test_the_first_months_of_a_schedule_by_hand():
	first, second = schedule(Terms(D("1000000"), D("12"), 12))[:2]
	assert (first.interest, first.principal, first.rest) == (D("10000.00"), D("78848.79"), D("921151.21"))
	assert (second.interest, second.principal) == (D("9211.51"), D("79637.28"))


def test_a_bank_s_own_payment_is_taken_as_it_is():
	rows = schedule(Terms(D("1000000"), D("12"), 12), D("90000"))
	assert rows[0].total == D("90000")
	assert rows[-1].total < D("90000")
	assert rows[-1].rest == 0


@pytest.mark.parametrize(
	("terms", "problem"),
	[
		(Terms(D(0), D(12), 12), "sum"),
		(Terms(D(-5), D(12), 12), "sum"),
		(Terms(D(100), D(-1), 12), "rate"),
		(Terms(D(100), D(12), 0), "term"),
		(Terms(D(100), D(12), 601), "term"),
		(Terms(D(100), D(12), 12, D(100)), "balloon"),
		(Terms(D(100), D(12), 12, D(-1)), "balloon"),
	],
)
def test_impossible_terms_are_refused(terms: Terms, problem: str):
	with pytest.raises(BadTerms, match=problem):
		schedule(terms)


def test_the_effective_rate_of_a_plain_annuity_is_its_rate():
	payments = [row.total for row in schedule(Terms(D("1000000"), D("18"), 60))]
	assert abs(effective_rate(D("1000000"), payments) - D("18")) <= D("0.001")


def test_the_effective_rate_counts_what_was_paid_out_of_the_credit():
	# One payment after a month: 103 for 100 is 3 % a month, for 98 it is 5.102 %, times twelve.
	assert effective_rate(D(100), [D(103)]) == D("36.000")
	assert effective_rate(D(98), [D(103)]) == D("61.224")


def test_there_is_no_effective_rate_without_a_credit():
	assert effective_rate(D(0), [D(5)]) is None
	assert effective_rate(D(100), [D(50)]) is None
	assert effective_rate(D(100), [D(50), D(50)]) == D("0.000")


@pytest.mark.requirement("R93")
@pytest.mark.parametrize(
	("payment", "incomes", "debts", "to_income", "burden"),
	[
		("30000", ["80000", "20000"], ["5000", "10000"], "30.0", "45.0"),
		("25000", ["75000"], [], "33.3", "33.3"),
		("0", ["75000"], ["15000"], "0.0", "20.0"),
		("30000", [], ["5000"], None, None),
	],
)
def test_affordability(payment: str, incomes: list, debts: list, to_income: str | None, burden: str | None):
	found = affordability(D(payment), map(D, incomes), map(D, debts))
	expected = (to_income and D(to_income), burden and D(burden))
	assert (found.payment_to_income, found.debt_burden) == expected
