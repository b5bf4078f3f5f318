"""When a car is due for its next maintenance: by months or by mileage, whichever comes first (R55, R254).

by months   the day of the last maintenance + the interval in months (31 January + 1 month = 28 February)
by mileage  the day on which the odometer reaches its reading at the last maintenance + the interval, at the car's
            own rate of kilometres a day
rate        between the newest reading and the oldest one of the last two years, which must lie a month apart at
            least; an odometer that was replaced starts anew; without such readings the dealer's usual rate
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS, MILEAGE = "Months", "Mileage"
WINDOW_DAYS = 730
LEAST_DAYS = 30
# What no private car does, and what a car that stands does: both would make dates absurd.
LEAST_RATE, MOST_RATE = 1.0, 1000.0
MOST_DAYS = 3650


@dataclass(frozen=True)
class Reading:
	"""A reading of the odometer."""

	day: date
	kilometres: int


@dataclass(frozen=True)
class Service:
	"""A maintenance that was done; the mileage may be unknown (None)."""

	day: date
	kilometres: int | None = None
	source: str = ""


@dataclass(frozen=True)
class Interval:
	"""Of a make or model; None: does not count."""

	months: int | None = None
	kilometres: int | None = None


@dataclass(frozen=True)
class Forecast:
	"""`due_on` is the earlier one of the two dates; `rate` kilometres a day."""

	due_on: date
	due_by: str
	by_months: date | None
	by_mileage: date | None
	due_kilometres: int | None
	rate: float
	is_own_rate: bool


def forecast(
	last: Service | None, interval: Interval, readings: Sequence[Reading], usual_rate: float
) -> Forecast | None:
	"""None without a last maintenance or without an interval: nothing can be said."""
	if not last or not (interval.months or interval.kilometres):
		return None
	ordered = since_last_fall(readings)
	own = daily_rate(ordered)
	rate = own or usual_rate
	by_months = add_months(last.day, interval.months) if interval.months else None
	due_km, by_mileage = None, None
	if interval.kilometres and rate > 0:
		due_km, by_mileage = mileage_date(last, interval.kilometres, ordered, rate)
	if not by_months and not by_mileage:
		return None
	first = min(day for day in (by_months, by_mileage) if day)
	by = MILEAGE if by_mileage and first == by_mileage and first != by_months else MONTHS
	return Forecast(first, by, by_months, by_mileage, due_km, round(rate, 1), own is not None)


def since_last_fall(readings: Sequence[Reading]) -> list[Reading]:
	"""By day; what was read before the odometer went back (was replaced) belongs to another scale."""
	ordered = sorted(readings, key=lambda reading: reading.day)
	for index in range(len(ordered) - 1, 0, -1):
		if ordered[index].kilometres < ordered[index - 1].kilometres:
			return ordered[index:]
	return ordered


def daily_rate(ordered: Sequence[Reading]) -> float | None:
	"""Kilometres a day of the car's last two years; None when the readings do not tell."""
	if len(ordered) < 2:
		return None
	newest = ordered[-1]
	recent = [reading for reading in ordered if (newest.day - reading.day).days <= WINDOW_DAYS]
	days = (newest.day - recent[0].day).days
	if days < LEAST_DAYS:
		return None
	rate = (newest.kilometres - recent[0].kilometres) / days
	return min(max(rate, LEAST_RATE), MOST_RATE)


def mileage_date(last: Service, kilometres: int, ordered: Sequence[Reading], rate: float) -> tuple[int, date]:
	"""(odometer, day) at which the interval is used up.

	Counted from the newest reading, else from the maintenance itself. The odometer at a maintenance that nobody noted
	is reckoned back by the rate.
	"""
	newest = ordered[-1] if ordered else None
	then = last.kilometres
	if then is None:
		if not newest:
			return kilometres, last.day + timedelta(days=days_for(kilometres, rate))
		then = max(0, round(newest.kilometres - rate * (newest.day - last.day).days))
	start = (
		newest if newest and newest.day > last.day and newest.kilometres >= then else Reading(last.day, then)
	)
	due = then + kilometres
	return due, start.day + timedelta(days=days_for(due - start.kilometres, rate))


def days_for(kilometres: int, rate: float) -> int:
	"""Nothing left is today."""
	return min(max(0, math.ceil(kilometres / rate)), MOST_DAYS)


def add_months(day: date, months: int) -> date:
	"""The same day of a later month, or its last one."""
	index = day.year * 12 + day.month - 1 + months
	year, month = divmod(index, 12)
	return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_service(services: Sequence[Service]) -> Service | None:
	"""The latest; of one day the one whose mileage is known."""
	known = sorted(services, key=lambda service: (service.day, service.kilometres is not None))
	return known[-1] if known else None


def find_interval(
	make: str | None,
	model: str | None,
	rows: Sequence[tuple[str, str | None, int | None, int | None]],
	usual: Interval,
) -> Interval:
	"""Of the model, else of the make, else the usual one. `rows`: (make, model, months, kilometres)."""
	for wanted in (model, None):
		for row_make, row_model, months, kilometres in rows:
			if make and row_make == make and (row_model or None) == wanted:
				return Interval(months or None, kilometres or None)
	return usual
