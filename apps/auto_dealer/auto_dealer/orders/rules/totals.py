"""Sums of a work order. All prices include VAT; everything is Decimal in the company's currency, in hundredths.

A line costs its quantity at its price (or its fixed price); a discount makes the price of one lower, in whole hundredths,
so that an invoice shows the same sum. The discount of the whole order is for the lines that have none of their own. A client's own part costs nothing. Lines that were declined count in no sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

KOPECK = Decimal("0.01")
HUNDRED = Decimal(100)
LABOUR, PART, SUBLET = "labour", "part", "sublet"
PROPOSED, APPROVED, DECLINED = "Proposed", "Approved", "Declined"


class BadLine(ValueError):
	"""A line that cannot be priced; `args` are its kind of problem: `negative` or `discount`."""


def money(value: Decimal) -> Decimal:
	"""Rounded half up to hundredths."""
	return value.quantize(KOPECK, ROUND_HALF_UP)


def decimal(value: object) -> Decimal:
	"""From what a document holds: None, int, float or text."""
	return Decimal(str(value or 0))


@dataclass(frozen=True)
class Line:
	"""`qty`: norm hours of a work, pieces of a part. `fixed_price`, when above 0, stands for quantity × price."""

	kind: str
	qty: Decimal
	rate: Decimal
	approval: str = PROPOSED
	discount_percent: Decimal = Decimal(0)
	fixed_price: Decimal = Decimal(0)
	is_free: bool = False


@dataclass(frozen=True)
class LineSum:
	"""`gross` before the discount, `discount` off it, `amount` what is left."""

	gross: Decimal
	discount: Decimal
	amount: Decimal


@dataclass(frozen=True)
class Totals:
	"""Of the lines that were not declined; `approved` of those that the client has approved."""

	labour: Decimal
	parts: Decimal
	sublets: Decimal
	discount: Decimal
	total: Decimal
	approved: Decimal
	vat: Decimal

	@property
	def net(self) -> Decimal:
		return self.total - self.vat


def price_line(line: Line, order_discount: Decimal = Decimal(0)) -> LineSum:
	"""What one line costs. A discount is 0 to 100 %."""
	percent = line.discount_percent or order_discount
	if line.qty < 0 or line.rate < 0 or line.fixed_price < 0:
		raise BadLine("negative")
	if not 0 <= percent <= HUNDRED:
		raise BadLine("discount")
	if line.is_free:
		return LineSum(Decimal("0.00"), Decimal("0.00"), Decimal("0.00"))
	price = line.fixed_price or line.rate
	qty = Decimal(1) if line.fixed_price else line.qty
	gross = money(qty * price)
	amount = money(qty * money(price * (HUNDRED - percent) / HUNDRED)) if percent else gross
	return LineSum(gross, gross - amount, amount)


def vat_within(total: Decimal, vat_rate: Decimal) -> Decimal:
	"""The VAT that a sum includes at `vat_rate` percent."""
	return money(total * vat_rate / (HUNDRED + vat_rate))


def sum_up(
	lines: Iterable[Line], order_discount: Decimal = Decimal(0), vat_rate: Decimal = Decimal(0)
) -> Totals:
	"""The totals of an order."""
	by_kind = dict.fromkeys((LABOUR, PART, SUBLET), Decimal("0.00"))
	discount = approved = Decimal("0.00")
	for line in lines:
		if line.approval == DECLINED:
			continue
		priced = price_line(line, order_discount)
		by_kind[line.kind] += priced.amount
		discount += priced.discount
		if line.approval == APPROVED:
			approved += priced.amount
	total = sum(by_kind.values(), Decimal("0.00"))
	return Totals(
		by_kind[LABOUR],
		by_kind[PART],
		by_kind[SUBLET],
		discount,
		total,
		approved,
		vat_within(total, vat_rate),
	)
