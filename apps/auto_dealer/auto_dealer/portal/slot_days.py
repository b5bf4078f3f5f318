"""Free times for a client, by days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import frappe
from frappe.utils import get_datetime, getdate

from auto_dealer.booking.slots import find_slots, is_open_to_clients
from auto_dealer.portal.moments import moment_text, short_day
from auto_dealer.portal.shell import get_settings

MOST_DAYS = 60


def get_days(
	offerings: Sequence[str],
	car: str | Mapping | None = None,
	first_day: str | None = None,
	minutes: int | None = None,
) -> list[dict[str, object]]:
	"""[{date, weekday, label, times: [{start, label}]}]: the days that have a free time, the earliest first."""
	day = read_day(first_day)
	slots = find_slots(
		offerings,
		car,
		day,
		days=get_settings().booking_days or 14,
		minutes=minutes,
		for_client=all(is_open_to_clients(name) for name in offerings),
	)
	days: dict[date, list] = {}
	for slot in slots:
		days.setdefault(slot.start.date(), []).append(
			{"start": str(slot.start), "label": f"{slot.start:%H:%M}"}
		)
	return [
		{"date": str(day), "weekday": short_day(day)[0], "label": short_day(day)[1], "times": times}
		for day, times in days.items()
	]


def read_day(text: str | None) -> date:
	"""The asked day within what can be looked at; today for anything else."""
	today = getdate()
	try:
		day = getdate(text) if text else today
	except (ValueError, TypeError, frappe.ValidationError):
		return today
	return min(max(day or today, today), today + timedelta(days=MOST_DAYS))


def next_times(slots: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
	"""What a refused booking offers instead, with words."""
	return [
		{"start": str(slot["start"]), "label": moment_text(get_datetime(slot["start"]))} for slot in slots
	]
