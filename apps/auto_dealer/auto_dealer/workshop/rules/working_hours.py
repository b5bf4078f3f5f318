"""When a resource works: shifts of the week, without breaks, holidays and absences. Times are site-local."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAY = 24 * 60
Interval = tuple[datetime, datetime]


@dataclass(frozen=True)
class Shift:
	"""Minutes since the midnight of the day it starts on; an end not after the start lies on the next day."""

	weekday: int
	start: int
	end: int
	break_start: int | None = None
	break_end: int | None = None

	@property
	def spans(self) -> list[tuple[int, int]]:
		"""The working minutes of the shift as half-open spans, the break cut out."""
		end = self.end + DAY if self.end <= self.start else self.end
		if self.break_start is None or self.break_end is None:
			return [(self.start, end)]
		pause = self.pause
		return [span for span in ((self.start, pause[0]), (pause[1], end)) if span[0] < span[1]]

	@property
	def pause(self) -> tuple[int, int]:
		"""The break on the time line of the shift; one before the shift's start lies after midnight."""
		start, end = self.break_start or 0, self.break_end or 0
		if start < self.start:
			start, end = start + DAY, end + DAY
		return start, end + DAY if end <= start else end


def find_problem(shift: Shift) -> str | None:
	"""What is wrong with it: "half a break" or "break outside"; None when it can be worked."""
	if (shift.break_start is None) != (shift.break_end is None):
		return "half a break"
	if shift.break_start is None:
		return None
	end = shift.end + DAY if shift.end <= shift.start else shift.end
	return "break outside" if shift.pause[1] > end else None


def open_intervals(
	shifts: Iterable[Shift],
	holidays: Collection[date],
	absences: Iterable[Interval],
	first_day: date,
	last_day: date,
) -> list[Interval]:
	"""Half-open, sorted, disjoint and not touching intervals within the days, both included.

	A shift of the day before that lasts past midnight counts on the first day. On a holiday no shift starts.
	"""
	window = (_midnight(first_day), _midnight(last_day) + timedelta(days=1))
	by_weekday: dict[int, list[tuple[int, int]]] = {}
	for shift in shifts:
		by_weekday.setdefault(shift.weekday, []).extend(shift.spans)
	worked = []
	for offset in range(-1, (last_day - first_day).days + 1):
		day = first_day + timedelta(days=offset)
		if day in holidays:
			continue
		midnight = _midnight(day)
		for start, end in by_weekday.get(day.weekday(), ()):
			worked.append((midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)))
	return subtract(merge(clip(worked, window)), merge(clip(absences, window)))


def _midnight(day: date) -> datetime:
	return datetime.combine(day, time())


def clip(intervals: Iterable[Interval], window: Interval) -> list[Interval]:
	"""The parts within the window."""
	cut = ((max(start, window[0]), min(end, window[1])) for start, end in intervals)
	return [(start, end) for start, end in cut if start < end]


def merge(intervals: Iterable[Interval]) -> list[Interval]:
	"""Overlapping and touching intervals made one."""
	merged: list[Interval] = []
	for start, end in sorted(intervals):
		if merged and start <= merged[-1][1]:
			merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
		else:
			merged.append((start, end))
	return merged


def subtract(intervals: list[Interval], taken: list[Interval]) -> list[Interval]:
	"""What is left of sorted disjoint intervals."""
	left: list[Interval] = []
	for start, end in intervals:
		for taken_start, taken_end in taken:
			if taken_end <= start or taken_start >= end:
				continue
			if taken_start > start:
				left.append((start, taken_start))
			start = taken_end
			if start >= end:
				break
		if start < end:
			left.append((start, end))
	return left
