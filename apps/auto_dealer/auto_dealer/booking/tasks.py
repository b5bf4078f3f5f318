"""What the scheduler runs for bookings."""

from __future__ import annotations

from datetime import date, timedelta

import frappe
from frappe.utils import getdate

from auto_dealer.booking import days
from auto_dealer.booking.rules.availability import CELL_MINUTES

CHECKED_DAYS = 62
HOLDS = "select resource, cell, seat from `tabBooking Hold` where cell >= %s and cell < %s"
LOCKING_HOLDS = HOLDS + " lock in share mode"


def compare_days() -> int:
	"""Nightly: rebuilds maps of coming days that differ from the holds, and reports them; how many."""
	first = getdate()
	wrong = find_differences(first, first + timedelta(days=CHECKED_DAYS))
	if wrong:
		rebuild(wrong)
		frappe.log_error("Booking days differed from holds", "\n".join(f"{r} {d}" for r, d in wrong))
	return len(wrong)


def find_differences(first: date, last: date) -> list[days.Day]:
	"""Days of resources whose map is not what the holds say."""
	held = _maps_of_holds(first, last)
	rows = frappe.get_all(
		"Booking Day", {"day": ("between", (first, last))}, ["resource", "day", "taken"], as_list=True
	)
	maps = {(resource, day): _trim(days.parse(taken)) for resource, day, taken in rows}
	return sorted(day for day in {*held, *maps} if _trim(held.get(day, [])) != maps.get(day, []))


def rebuild(wanted: list[days.Day]) -> None:
	"""Writes the maps anew from the holds, under the locks of the days."""
	days.lock(wanted)
	held = _maps_of_holds(min(day for _r, day in wanted), max(day for _r, day in wanted), is_locking=True)
	days.write({day: held.get(day, []) for day in wanted})


def rebuild_resource(doc, method: str | None = None, *args) -> None:
	"""Doc event: a renamed resource keeps its taken time under the new name."""
	name = args[1] if len(args) > 1 else doc.name
	days.forget(name)
	rows = frappe.get_all("Booking Hold", {"resource": name}, ["cell"], distinct=True)
	if rows:
		rebuild(sorted({(name, row.cell.date()) for row in rows}))


def forget_resource(doc, method: str | None = None) -> None:
	"""Doc event: a deleted resource had no bookings; its empty days go with it."""
	days.forget(doc.name)


def _maps_of_holds(first: date, last: date, is_locking: bool = False) -> dict[days.Day, days.Seats]:
	values = (first, last + timedelta(days=1))
	rows = frappe.db.sql(LOCKING_HOLDS if is_locking else HOLDS, values)
	maps: dict[days.Day, days.Seats] = {}
	for resource, moment, seat in rows:
		cell = (moment.hour * 60 + moment.minute) // CELL_MINUTES
		days.change(maps, (resource, moment.date()), cell, seat, True)
	return maps


def _trim(seats: days.Seats) -> days.Seats:
	"""Without the empty seats at the end."""
	while seats and not seats[-1]:
		seats = seats[:-1]
	return seats
