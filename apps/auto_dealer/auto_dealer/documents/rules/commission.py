"""What the owner of a commission car gets of the price it was sold for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

KOPECK = Decimal("0.01")
Number = Decimal | float | int | str


@dataclass(frozen=True)
class Settlement:
	"""`sold` is split into the agent's `fee` and what is `payable` to the owner; nothing is ever negative."""

	sold: Decimal
	fee: Decimal
	payable: Decimal


def settle(sold: Number, percent: Number = 0, fixed: Number = 0) -> Settlement:
	"""`fixed`: the agreed fee as a sum; without one `percent` of the price. A fee takes the whole price at most."""
	price = max(_money(sold), Decimal(0))
	fee = _money(fixed) if _money(fixed) > 0 else _money(price * Decimal(str(percent or 0)) / 100)
	fee = min(max(fee, Decimal(0)), price)
	return Settlement(price, fee, price - fee)


def _money(value: Number | None) -> Decimal:
	return Decimal(str(value or 0)).quantize(KOPECK, ROUND_HALF_UP)
