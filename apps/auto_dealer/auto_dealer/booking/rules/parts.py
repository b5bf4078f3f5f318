"""From which day the parts of a job are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True)
class PartsReady:
	"""`day`: the first day with all parts, None when nobody knows; `missing`: the parts to wait for or to order."""

	day: date | None
	missing: tuple[str, ...] = ()


def parts_ready(
	wanted: Mapping[str, Decimal],
	free: Mapping[str, Decimal],
	due: Mapping[str, Sequence[tuple[date, Decimal]]],
	today: date,
	supply_days: int = 0,
) -> PartsReady:
	"""`free`: what is in stock and promised to nobody (less than nothing when more is promised than is there).

	`due`: what is ordered and still to come, by day; an overdue delivery counts as of today. `supply_days`: how long it
	takes to get what is neither, 0 when that is not known.
	"""
	last, missing = today, []
	for item, quantity in wanted.items():
		day = _first_day(quantity - free.get(item, Decimal(0)), due.get(item, ()), today)
		if day == today:
			continue
		missing.append(item)
		if day is None and supply_days > 0:
			day = today + timedelta(days=supply_days)
		if day is None:
			return PartsReady(None, tuple(missing))
		last = max(last, day)
	return PartsReady(last, tuple(missing))


def _first_day(short: Decimal, due: Iterable[tuple[date, Decimal]], today: date) -> date | None:
	if short <= 0:
		return today
	for day, quantity in sorted(due):
		short -= quantity
		if short <= 0:
			return max(day, today)
	return None
