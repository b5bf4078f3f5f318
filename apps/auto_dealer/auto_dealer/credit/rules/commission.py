"""What the dealer earns on a financed sale, and who gets which part of it (R96)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from auto_dealer.credit.rules.annuity import kopecks


class BadShares(ValueError):
	"""The parts are negative or together more than the whole."""


@dataclass(frozen=True)
class Split:
	"""The three parts; together they are exactly the total."""

	total: Decimal
	dealer: Decimal
	specialist: Decimal
	manager: Decimal


def commission_of(base: Decimal, percent: Decimal = Decimal(0), fixed: Decimal = Decimal(0)) -> Decimal:
	"""`percent` of `base` (a premium or a credit sum) and a fixed sum, rounded to a kopeck."""
	return kopecks(base * percent / 100 + fixed)


def check_shares(specialist: Decimal, manager: Decimal) -> None:
	"""Raises `BadShares` unless both are 0 to 100 and together at most 100."""
	if specialist < 0 or manager < 0 or specialist + manager > 100:
		raise BadShares


def split_commission(
	commissions: Iterable[Decimal], specialist_share: Decimal, manager_share: Decimal
) -> Split:
	"""The shares are percent of the total; the dealer keeps the rest, kopecks of the roundings included."""
	check_shares(specialist_share, manager_share)
	total = sum(commissions, Decimal(0))
	specialist = kopecks(total * specialist_share / 100)
	# Rounded from the sum of both, so that half kopecks never make more than the whole.
	manager = kopecks(total * (specialist_share + manager_share) / 100) - specialist
	return Split(total, total - specialist - manager, specialist, manager)
