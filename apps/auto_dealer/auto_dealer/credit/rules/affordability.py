"""How much of the borrower's income the credit takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Affordability:
	"""Sums a month; ratios in percent of the income with one decimal, None without an income."""

	income: Decimal
	debts: Decimal
	payment_to_income: Decimal | None
	debt_burden: Decimal | None


def affordability(payment: Decimal, incomes: Iterable[Decimal], debts: Iterable[Decimal]) -> Affordability:
	"""`payment_to_income`: the new payment alone. `debt_burden`: with all other debts, as the Bank of Russia's
	debt burden indicator (PDN) counts: all monthly payments over the average monthly income."""
	income, owed = sum(incomes, Decimal(0)), sum(debts, Decimal(0))
	return Affordability(income, owed, _percent(payment, income), _percent(payment + owed, income))


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
	return (part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole > 0 else None
