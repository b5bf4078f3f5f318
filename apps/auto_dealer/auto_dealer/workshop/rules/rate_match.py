"""Which price of a norm hour holds: the most specific of those in force on the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class RateRow:
	"""A price of a norm hour from a day on; empty group and client kind mean: any."""

	name: str
	rate: Decimal
	valid_from: date
	group: str = ""
	client_kind: str = ""
	is_warranty: bool = False


def choose(
	rows: Iterable[RateRow], group: str, client_kind: str, is_warranty: bool, on_date: date
) -> RateRow | None:
	"""The warranty rate first when the work is a warranty one, then the group's, then the client kind's.

	A warranty rate never holds for other work; warranty work without one is counted as the rest. Of rows that say
	the same the latest in force wins.
	"""
	fitting = [
		row
		for row in rows
		if row.valid_from <= on_date
		and (not row.is_warranty or is_warranty)
		and (not row.group or row.group == group)
		and (not row.client_kind or row.client_kind == client_kind)
	]
	return max(
		fitting,
		key=lambda row: (row.is_warranty, bool(row.group), bool(row.client_kind), row.valid_from, row.name),
		default=None,
	)
