"""Paid and left to pay, from what ERPNext's documents and its ledger say.

	left to pay = agreed and not invoiced yet + the client's balance in the ledger (invoices less payments)
	paid        = money that came in less money that went back

A discount given with a payment (a deduction, a write-off) makes less to pay, and is no money paid.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from auto_dealer.payments.rules.bill import money


@dataclass(frozen=True)
class OrderFact:
	"""A submitted Sales Order: its total, what its lines cost, how much of that is invoiced.

	`is_own`: made for this very document, and not for a work order that belongs to it.
	"""

	total: Decimal
	amount: Decimal
	billed: Decimal
	is_closed: bool = False
	is_own: bool = True

	@property
	def unbilled(self) -> Decimal:
		"""The part of the total that is not invoiced yet; nothing once the order is closed."""
		if self.is_closed or not self.amount:
			return Decimal(0)
		share = (self.amount - min(self.billed, self.amount)) / self.amount
		return money(self.total * share)


@dataclass(frozen=True)
class Facts:
	"""`invoiced`: totals of invoices that are no returns; `balance`: the ledger's, positive when the client owes."""

	agreed: Decimal
	orders: tuple[OrderFact, ...] = ()
	invoiced: Decimal = Decimal(0)
	balance: Decimal = Decimal(0)
	received: Decimal = Decimal(0)


@dataclass(frozen=True)
class Totals:
	paid: Decimal
	outstanding: Decimal


def compute(facts: Facts) -> Totals:
	return Totals(paid=money(facts.received), outstanding=money(uninvoiced(facts) + facts.balance))


def uninvoiced(facts: Facts) -> Decimal:
	"""What will be invoiced yet. An order that lags behind the agreed sum is brought to it before it is invoiced.

	Once a deal has a work order with an order of its own, that one says what is agreed, and not the deal's estimate.
	"""
	if not facts.orders:
		return max(money(facts.agreed) - money(facts.invoiced), Decimal(0))
	unbilled = sum_of(order.unbilled for order in facts.orders)
	if not unbilled:
		return Decimal(0)
	if not all(order.is_own for order in facts.orders):
		return unbilled
	behind = money(facts.agreed) - sum_of(order.total for order in facts.orders)
	return max(unbilled + behind, Decimal(0))


def sum_of(values: Iterable[Decimal]) -> Decimal:
	return sum(values, Decimal(0))


def received_share(received: Decimal, credited: Decimal) -> Decimal:
	"""How much of what a payment credits to the client was money: 95 / 100 when 5 were a discount; never above 1."""
	if not credited or received >= credited:
		return Decimal(1)
	return received / credited
