"""The mileage log of a car: which reading is the last, which fall needs a reason."""

import datetime
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple


class Reading(NamedTuple):
	"""A row of the log; `row` is its number as the user sees it."""

	row: int
	date: datetime.date
	kilometres: int
	reason: str = ""


def in_order(readings: Iterable[Reading]) -> list[Reading]:
	"""By date; readings of one day stay in the order they were written down."""
	return sorted(readings, key=lambda reading: (reading.date, reading.row))


def last_reading(readings: Iterable[Reading]) -> int:
	"""Kilometres of the newest reading, 0 without any."""
	ordered = in_order(readings)
	return ordered[-1].kilometres if ordered else 0


def unexplained_falls(readings: Iterable[Reading]) -> list[tuple[Reading, Reading]]:
	"""Pairs (before, fallen) where the odometer went back and no reason is written."""
	ordered = in_order(readings)
	pairs = pairwise(ordered)
	return [(a, b) for a, b in pairs if b.kilometres < a.kilometres and not b.reason.strip()]
