"""When resources work, by their calendars, holidays and absences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import frappe
from frappe.utils import getdate

from auto_dealer.workshop.rules import working_hours
from auto_dealer.workshop.rules.working_hours import Interval, Shift

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def open_intervals(
	resources: Iterable[str], first_day: date | str, last_day: date | str
) -> dict[str, list[tuple[datetime, datetime]]]:
	"""Working time of each resource within the days, both included, in four SQL whatever their number.

	Half-open, sorted and disjoint intervals in site-local time. Resources that do not exist, are switched off or
	have no calendar have none. Nothing is known here of what is booked.
	"""
	names = sorted(set(resources))
	open_time: dict[str, list[Interval]] = {name: [] for name in names}
	first, last = getdate(first_day), getdate(last_day)
	calendar_of = get_calendars(names)
	calendars = sorted(set(calendar_of.values()))
	if not calendars or last < first:
		return open_time
	shifts = get_shifts(calendars)
	holidays = get_holidays(calendars, first - timedelta(days=1), last)
	absences = get_absences(list(calendar_of), first, last)
	open_time.update(work_out(calendar_of, shifts, holidays, absences, first, last))
	return open_time


def work_out(
	calendar_of: dict[str, str],
	shifts: dict[str, list[Shift]],
	holidays: dict[str, frozenset[date]],
	absences: dict[str, list[Interval]],
	first: date,
	last: date,
) -> dict[str, list[Interval]]:
	"""Colleagues who share a calendar and are all there share the answer."""
	shared: dict[str, list[Interval]] = {}
	open_time = {}
	for name, calendar in calendar_of.items():
		rules = (shifts.get(calendar, []), holidays.get(calendar, frozenset()))
		if name in absences:
			open_time[name] = working_hours.open_intervals(*rules, absences[name], first, last)
		else:
			if calendar not in shared:
				shared[calendar] = working_hours.open_intervals(*rules, (), first, last)
			open_time[name] = shared[calendar]
	return open_time


def get_calendars(resources: list[str]) -> dict[str, str]:
	"""The calendar of each active resource that has one."""
	if not resources:
		return {}
	filters = {"name": ("in", resources), "is_active": 1, "working_calendar": ("is", "set")}
	return dict(frappe.get_all("Service Resource", filters, ["name", "working_calendar"], as_list=True))


def get_shifts(calendars: list[str]) -> dict[str, list[Shift]]:
	fields = ["parent", "weekday", "start", "end", "break_start", "break_end"]
	shifts: dict[str, list[Shift]] = {}
	for row in frappe.get_all("Working Calendar Shift", {"parent": ("in", calendars)}, fields):
		shifts.setdefault(row.parent, []).append(to_shift(row))
	return shifts


def to_shift(row: object) -> Shift:
	"""From a row of the calendar's table."""
	start, end = to_minutes(row.start) or 0, to_minutes(row.end) or 0
	return Shift(
		WEEKDAYS.index(row.weekday), start, end, to_minutes(row.break_start), to_minutes(row.break_end)
	)


def to_minutes(value: timedelta | time | str | None) -> int | None:
	"""Minutes since midnight of a time or of `13:00`; nothing stays None, seconds are dropped."""
	if value is None or value == "":
		return None
	if isinstance(value, timedelta):
		return int(value.total_seconds() // 60)
	if isinstance(value, str):
		hours, minutes = (int(part) for part in [*value.split(":"), "0"][:2])
		return hours * 60 + minutes if minutes < 60 else -1
	return value.hour * 60 + value.minute


def get_holidays(calendars: list[str], first: date, last: date) -> dict[str, frozenset[date]]:
	"""Days off by calendar, from its Holiday List."""
	calendar, holiday = frappe.qb.DocType("Working Calendar"), frappe.qb.DocType("Holiday")
	rows = (
		frappe.qb.from_(calendar)
		.join(holiday)
		.on((holiday.parent == calendar.holiday_list) & (holiday.parenttype == "Holiday List"))
		.select(calendar.name, holiday.holiday_date)
		.where(calendar.name.isin(calendars) & holiday.holiday_date[first:last])
	).run()
	days: dict[str, set[date]] = {}
	for name, day in rows:
		days.setdefault(name, set()).add(day)
	return {name: frozenset(found) for name, found in days.items()}


def get_absences(resources: list[str], first: date, last: date) -> dict[str, list[Interval]]:
	"""Absences that touch the days."""
	filters = {
		"parent": ("in", resources),
		"parenttype": "Service Resource",
		"from_time": ("<", last + timedelta(days=1)),
		"to_time": (">", first),
	}
	absences: dict[str, list[Interval]] = {}
	for row in frappe.get_all("Service Resource Absence", filters, ["parent", "from_time", "to_time"]):
		absences.setdefault(row.parent, []).append((row.from_time, row.to_time))
	return absences
