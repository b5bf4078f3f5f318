"""How much the next invoice is for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from auto_dealer.payments.rules.bill import money


@dataclass(frozen=True)
class OpenInvoice:
	"""An invoice for payment that waits for money: what it was made for, what of it is not paid."""

	name: str
	amount: Decimal
	left: Decimal
	is_prepayment: bool = False

	@property
	def is_untouched(self) -> bool:
		return self.amount == self.left


@dataclass(frozen=True)
class Decision:
	"""Either an amount for a new invoice, or the name of one that is there already, or a problem:
	`paid` (nothing is left), `asked` (open invoices cover what is left), `much` (more than `amount` can be asked for),
	`little` (not above zero)."""

	amount: Decimal = Decimal(0)
	existing: str = ""
	problem: str = ""


def decide(
	total: Decimal,
	outstanding: Decimal,
	open_invoices: list[OpenInvoice],
	share: Decimal | None = None,
	amount: Decimal | None = None,
	is_prepayment: bool = False,
) -> Decision:
	"""`share`: a part of the agreed sum (0.5); `amount`: a sum; neither: everything that is left and not asked for.

	`open_invoices`: the newest last. Asking twice for the same gives the invoice of the first time.
	"""
	if outstanding <= 0:
		return Decision(problem="paid")
	wanted = money(amount) if amount is not None else money(total * share) if share is not None else None
	if wanted is not None and wanted <= 0:
		return Decision(problem="little")
	if same := find_same(open_invoices, wanted, is_prepayment):
		return Decision(existing=same.name)
	free = outstanding - sum((invoice.left for invoice in open_invoices), Decimal(0))
	if free <= 0:
		if wanted is None and open_invoices:
			return Decision(existing=open_invoices[-1].name)
		return Decision(problem="asked")
	if wanted is None:
		return Decision(amount=free)
	if wanted > free:
		return Decision(amount=free, problem="much")
	return Decision(amount=wanted)


def find_same(
	open_invoices: list[OpenInvoice], wanted: Decimal | None, is_prepayment: bool
) -> OpenInvoice | None:
	for invoice in reversed(open_invoices):
		if invoice.is_untouched and invoice.amount == wanted and invoice.is_prepayment == is_prepayment:
			return invoice
	return None


@dataclass(frozen=True)
class Outdated:
	"""Invoices to cancel, and invoices paid in part that ask for nothing more."""

	cancelled: tuple[str, ...] = ()
	closed: tuple[str, ...] = ()


def outdated(outstanding: Decimal, open_invoices: list[OpenInvoice]) -> Outdated:
	"""What asks for more than is left to pay: the newest first, those that nobody has paid before the others."""
	asked = sum((invoice.left for invoice in open_invoices), Decimal(0))
	cancelled, closed = [], []
	for invoice in sorted(reversed(open_invoices), key=lambda invoice: not invoice.is_untouched):
		if asked <= outstanding:
			break
		(cancelled if invoice.is_untouched else closed).append(invoice.name)
		asked -= invoice.left
	return Outdated(tuple(cancelled), tuple(closed))


@dataclass(frozen=True)
class Debt:
	"""A document of ERPNext that takes a payment, and the open invoices for it."""

	doctype: str
	name: str
	left: Decimal


@dataclass(frozen=True)
class Allocation:
	doctype: str
	name: str
	amount: Decimal
	invoice: str | None = None


def allocate(amount: Decimal, debts: list[Debt], open_invoices: list[OpenInvoice]) -> list[Allocation]:
	"""The payment spread over the debts in their order, and within them over the invoices in theirs.

	Gives less than the amount when the debts are smaller. A pair of debt and invoice comes once.
	"""
	left_of = {invoice.name: invoice.left for invoice in open_invoices}
	rows = []
	for debt in debts:
		part = min(amount, debt.left)
		amount -= part
		for name, left in left_of.items():
			piece = min(part, left)
			if piece > 0:
				rows.append(Allocation(debt.doctype, debt.name, piece, name))
				left_of[name] -= piece
				part -= piece
		if part > 0:
			rows.append(Allocation(debt.doctype, debt.name, part))
	return rows
