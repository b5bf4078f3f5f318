"""What a client is to pay for: the form in which deals, work orders and others hand it over to payments."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

KOPECK = Decimal("0.01")
Number = Decimal | float | int | str


def money(value: Number | None) -> Decimal:
	"""Rounded half up to hundredths."""
	return Decimal(str(value or 0)).quantize(KOPECK, ROUND_HALF_UP)


@dataclass(frozen=True)
class BillLine:
	"""`rate`: the price of one before the discount, taxes included; `discount_amount`: off the whole line."""

	item_code: str
	description: str
	qty: Number
	rate: Number
	warehouse: str | None = None
	discount_amount: Number = 0
	serial_no: str | None = None

	@property
	def amount(self) -> Decimal:
		"""What the line costs the client."""
		return money(Decimal(str(self.qty)) * Decimal(str(self.rate))) - money(self.discount_amount)


@dataclass(frozen=True)
class Bill:
	"""`customer` may be missing: it is then made from the contact. `total`: the agreed sum, taxes included."""

	customer: str | None
	contact: str | None
	company: str
	currency: str
	lines: tuple[BillLine, ...] | list[BillLine]
	total: Number


@dataclass(frozen=True)
class OrderLine:
	"""A line as an order takes it: a price of one in whole hundredths."""

	line: BillLine
	rate: Decimal
	amount: Decimal


def sum_of(lines: list[BillLine] | tuple[BillLine, ...]) -> Decimal:
	return sum((line.amount for line in lines), Decimal(0))


def order_lines(bill: Bill) -> tuple[list[OrderLine], Decimal]:
	"""The lines at prices that make their amounts, and the discount on the whole that brings their sum to the total.

	A line's discount rarely divides by its quantity: 3 at 100 less 50 is 3 at 83.34 less 0.02 on the whole.
	"""
	lines = []
	for line in bill.lines:
		qty = Decimal(str(line.qty))
		rate = money(line.amount / qty)
		if money(rate * qty) != line.amount:
			rate = (line.amount / qty).quantize(KOPECK, ROUND_CEILING)
		lines.append(OrderLine(line, rate, money(rate * qty)))
	return lines, sum((line.amount for line in lines), Decimal(0)) - money(bill.total)


def find_problem(bill: Bill, company_currency: str) -> str:
	"""Why the bill cannot be taken: `nobody`, `empty`, `negative`, `quantity`, `sum`, `currency`; "" when it can."""
	if not bill.customer and not bill.contact:
		return "nobody"
	if not bill.lines or money(bill.total) == 0:
		return "empty"
	if money(bill.total) < 0 or any(line.amount < 0 for line in bill.lines):
		return "negative"
	if any(Decimal(str(line.qty)) <= 0 for line in bill.lines):
		return "quantity"
	if sum_of(bill.lines) != money(bill.total):
		return "sum"
	return "currency" if bill.currency and bill.currency != company_currency else ""
