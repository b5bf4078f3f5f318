"""The schedule of an annuity credit, its overpayment and its effective yearly rate; all in Decimal.

Sources:
- annuity payment: A = (S - B / (1 + i)^n) * i / (1 - (1 + i)^-n), the present value of an ordinary annuity solved for
  the payment (any textbook of financial mathematics; Excel's PMT(i, n, -S, B)). S credit sum, B balloon, n months,
  i monthly rate = yearly rate / 12 / 100. With i = 0: (S - B) / n.
- interest of a month is the rest times i (months of equal length, as banks quote; the contract's schedule by days
  differs by small sums).
- effective rate: Federal Law 353-FZ, article 6, part 2: the full cost of credit is i * NBP * 100, NBP = 12 for monthly
  payments, where i solves sum of DP_k / ((1 + e_k i) (1 + i)^q_k) = 0; here every flow lies whole months after the
  first, so e_k = 0 and q_k = k. Given with three decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

KOPECK = Decimal("0.01")
MONTHS = 12
LONGEST = 600
# Bisection halves the interval each time: 100 halvings of [0, 10] end far below any rounding.
HALVINGS = 100
HIGHEST_MONTHLY = Decimal(10)


@dataclass(frozen=True)
class Terms:
	"""What a credit is: sums in the currency's units, `rate` in percent a year, `term` in months."""

	credit_sum: Decimal
	rate: Decimal
	term: int
	balloon: Decimal = Decimal(0)


@dataclass(frozen=True)
class Payment:
	"""One month: what is paid, of that interest and principal, and what is still owed after it."""

	number: int
	total: Decimal
	interest: Decimal
	principal: Decimal
	rest: Decimal


class BadTerms(ValueError):
	"""No schedule can be made of these terms; the text is a key: sum, rate, term, balloon."""


def kopecks(value: Decimal) -> Decimal:
	"""Rounded to a hundredth, half up, as money is."""
	return value.quantize(KOPECK, ROUND_HALF_UP)


def check_terms(terms: Terms) -> None:
	"""Raises `BadTerms`: the sum is positive, the rate not negative, 1 to 600 months, the balloon below the sum."""
	if terms.credit_sum <= 0:
		raise BadTerms("sum")
	if terms.rate < 0:
		raise BadTerms("rate")
	if not 1 <= terms.term <= LONGEST:
		raise BadTerms("term")
	if not 0 <= terms.balloon < terms.credit_sum:
		raise BadTerms("balloon")


def monthly_payment(terms: Terms) -> Decimal:
	"""The equal payment of each month, rounded to a kopeck; the balloon is paid on top of the last one."""
	check_terms(terms)
	with localcontext() as context:
		context.prec = 40
		monthly = terms.rate / MONTHS / 100
		if not monthly:
			return kopecks((terms.credit_sum - terms.balloon) / terms.term)
		discount = (1 + monthly) ** -terms.term
		return kopecks((terms.credit_sum - terms.balloon * discount) * monthly / (1 - discount))


def schedule(terms: Terms, payment: Decimal | None = None) -> list[Payment]:
	"""All months. The last payment pays off what is left, balloon and roundings included, so that nothing is owed.

	`payment`: the bank's own monthly payment instead of the computed one.
	"""
	payment = kopecks(payment) if payment else monthly_payment(terms)
	check_terms(terms)
	monthly, rest, months = terms.rate / MONTHS / 100, terms.credit_sum, []
	for number in range(1, terms.term + 1):
		interest = kopecks(rest * monthly)
		principal = rest if number == terms.term else min(payment - interest, rest)
		rest -= principal
		months.append(Payment(number, interest + principal, interest, principal, rest))
	return months


def overpayment(months: Sequence[Payment]) -> Decimal:
	"""The interest of the whole schedule."""
	return sum((month.interest for month in months), Decimal(0))


def effective_rate(received: Decimal, payments: Sequence[Decimal]) -> Decimal | None:
	"""Percent a year by the formula of 353-FZ: what `received` at once costs when `payments` follow month by month.

	None when less is paid back than was received, or when nothing was received.
	"""
	if received <= 0 or sum(payments) < received:
		return None
	low, high = Decimal(0), HIGHEST_MONTHLY
	with localcontext() as context:
		context.prec = 28
		for _halving in range(HALVINGS):
			middle = (low + high) / 2
			low, high = (middle, high) if _present_value(payments, middle) > received else (low, middle)
	return (low * MONTHS * 100).quantize(Decimal("0.001"), ROUND_HALF_UP)


def _present_value(payments: Sequence[Decimal], monthly: Decimal) -> Decimal:
	"""By Horner's scheme, from the last payment to the first."""
	value = Decimal(0)
	for payment in reversed(payments):
		value = (value + payment) / (1 + monthly)
	return value
