"""Banks' offers side by side: which is the best by each criterion (R97)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# Criterion: is the greater value the better one.
CRITERIA = {
	"rate": False,
	"monthly_payment": False,
	"overpayment": False,
	"approved_sum": True,
	"term_months": True,
	"valid_until": True,
	"commission": True,
}
COMPARED = "Approved"


@dataclass(frozen=True)
class Offer:
	"""One bank's answer; an unknown value is None."""

	key: str
	status: str
	rate: Decimal | None = None
	monthly_payment: Decimal | None = None
	overpayment: Decimal | None = None
	approved_sum: Decimal | None = None
	term_months: int | None = None
	valid_until: date | None = None
	commission: Decimal | None = None


def best_by_criterion(offers: Sequence[Offer], today: date) -> dict[str, set[str]]:
	"""Keys of the best offers by criterion; several when they are equal.

	Only approved offers that still hold are compared; a criterion that fewer than two of them know, or in which all
	are equal, has no best.
	"""
	valid = [offer for offer in offers if is_open(offer, today)]
	return {criterion: _best(valid, criterion, is_more) for criterion, is_more in CRITERIA.items()}


def is_open(offer: Offer, today: date) -> bool:
	"""Whether the client may still take it: approved and not run out."""
	return offer.status == COMPARED and (offer.valid_until is None or offer.valid_until >= today)


def _best(offers: Sequence[Offer], criterion: str, is_more: bool) -> set[str]:
	known = {offer.key: value for offer in offers if (value := getattr(offer, criterion)) is not None}
	if len(set(known.values())) < 2:
		return set()
	best = max(known.values()) if is_more else min(known.values())
	return {key for key, value in known.items() if value == best}
