"""Where a part is taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class OnHand:
	"""What lies in one warehouse."""

	warehouse: str
	qty: Decimal


def choose_warehouse(
	needed: Decimal, on_hand: Sequence[OnHand], wanted: str | None = None, usual: str | None = None
) -> str | None:
	"""A warehouse that has all that is needed; None when none has.

	The one that the line names, and only that; else the usual one; else the one from which the least is left, so that
	small remainders go first.
	"""
	enough = {place.warehouse: place.qty for place in on_hand if place.qty >= needed}
	if wanted:
		return wanted if wanted in enough else None
	if usual in enough:
		return usual
	return min(enough, key=lambda name: (enough[name], name)) if enough else None
