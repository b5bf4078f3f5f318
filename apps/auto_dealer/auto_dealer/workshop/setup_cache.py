"""What searches for free times ask of the workshop's set-up, kept for a minute: people, skills, shifts, days off.

Only searches read it. Whoever takes time reads the tables, so that a set-up of a minute ago books nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import frappe
from frappe.utils import getdate

from auto_dealer.workshop import working_time
from auto_dealer.workshop.resources import Resource, load_resources
from auto_dealer.workshop.rules.working_hours import Interval, Shift

KEY = "auto_dealer:workshop_setup"
SECONDS = 60
# Days off are known so far ahead; who looks further asks the tables.
DAYS_AHEAD = 200


@dataclass(frozen=True)
class Setup:
	"""Of all active resources, from the day `since` on, to `until`."""

	since: date
	until: date
	resources: list[Resource]
	calendar_of: dict[str, str]
	shifts: dict[str, list[Shift]]
	holidays: dict[str, frozenset[date]]
	absences: dict[str, list[Interval]]


def get_setup() -> Setup:
	"""Six SQL when it is not known. A transaction that has written sees its own changes, and keeps them to itself."""
	if frappe.db.transaction_writes:
		return _read()
	found = frappe.cache.get_value(KEY, expires=True)
	if not isinstance(found, Setup) or found.since > getdate():
		found = _read()
		frappe.cache.set_value(KEY, found, expires_in_sec=SECONDS)
	return found


def _read() -> Setup:
	since, until = getdate() - timedelta(days=1), getdate() + timedelta(days=DAYS_AHEAD)
	resources = load_resources(None)
	calendar_of = working_time.get_calendars([resource.name for resource in resources])
	calendars = sorted(set(calendar_of.values()))
	if not calendars:
		return Setup(since, until, resources, {}, {}, {}, {})
	return Setup(
		since,
		until,
		resources,
		calendar_of,
		working_time.get_shifts(calendars),
		working_time.get_holidays(calendars, since, until),
		working_time.get_absences(list(calendar_of), since, until),
	)


def open_intervals(resources: Iterable[str], first: date, last: date) -> dict[str, list[Interval]]:
	"""As `working_time.open_intervals`, without SQL where the days are known."""
	names = sorted(set(resources))
	setup = get_setup()
	if first < setup.since or last > setup.until:
		return working_time.open_intervals(names, first, last)
	calendar_of = {name: setup.calendar_of[name] for name in names if name in setup.calendar_of}
	rules = (setup.shifts, setup.holidays, setup.absences)
	return {**{name: [] for name in names}, **working_time.work_out(calendar_of, *rules, first, last)}


def forget(doc: object = None, *args: object) -> None:
	"""The set-up changes: now, and again when the change is seen by others."""
	frappe.cache.delete_value(KEY)
	frappe.db.after_commit.add(_delete)


def _delete() -> None:
	frappe.cache.delete_value(KEY)
