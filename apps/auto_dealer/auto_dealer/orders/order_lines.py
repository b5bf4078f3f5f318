"""The lines of an order, works, parts and sublets alike, as the rules read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from frappe.model.document import Document

from auto_dealer.orders.rules.approval import Billed
from auto_dealer.orders.rules.totals import LABOUR, PART, SUBLET, Line, LineSum, decimal, price_line

TABLES = {LABOUR: "labour", PART: "parts", SUBLET: "sublets"}
OWN_PART = "Client's Own"


@dataclass(frozen=True)
class OrderLine:
	"""A row with its kind and its price."""

	kind: str
	row: Document
	line: Line
	sum: LineSum

	@property
	def id(self) -> str:
		return self.row.name

	@property
	def title(self) -> str:
		row = self.row
		return row.description or row.get("operation") or row.get("item") or ""

	@property
	def billed(self) -> Billed:
		"""What a client approves of it: the thing, how much of it, and the sum."""
		row = self.row
		subject = f"{self.kind}|{row.get('operation') or row.get('item') or row.description}"
		return Billed(row.approval or "Proposed", subject, self.line.qty.normalize(), self.sum.amount)


def rule_line(kind: str, row: Document) -> Line:
	"""A row as the totals take it."""
	qty = {LABOUR: row.get("hours"), PART: row.get("qty"), SUBLET: 1}[kind]
	return Line(
		kind=kind,
		qty=decimal(qty),
		rate=decimal(row.rate),
		approval=row.approval or "Proposed",
		discount_percent=decimal(row.discount_percent),
		fixed_price=decimal(row.get("fixed_price")),
		is_free=is_free(row),
	)


def is_free(row: Document) -> bool:
	return row.get("source") == OWN_PART or bool(row.get("is_warranty"))


def lines_of(order: Document) -> Iterator[OrderLine]:
	"""Works, then parts, then sublets, in the order of their rows. Raises BadLine."""
	discount = order_discount(order)
	for kind, table in TABLES.items():
		for row in order.get(table) or ():
			line = rule_line(kind, row)
			yield OrderLine(kind, row, line, price_line(line, discount))


def order_discount(order: Document) -> Decimal:
	return decimal(order.discount_percent)


def find_row(order: Document, row_name: str) -> OrderLine | None:
	return next((line for line in lines_of(order) if line.id == row_name), None)
