"""The days of resources: the row of Booking Day is both the lock of a resource on a day and the map of what is taken.

A map has one integer for each seat, bit i stands for the i-th quarter of an hour of the day. The maps say the same as
the rows of Booking Hold, and are written with them in one transaction under the lock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time

import frappe
from frappe import _

from auto_dealer.booking.errors import TakenTimeIsNotEdited
from auto_dealer.booking.rules.availability import CELL_MINUTES, CELLS_A_DAY

Day = tuple[str, date]
Seats = list[int]
FRESH_DAYS = """select resource, day, taken from `tabBooking Day`
	where day between %s and %s and resource in %s lock in share mode skip locked"""
# One row a resource: reading a row costs more than cutting a text.
DAYS = """select resource, group_concat(to_days(day), ':', taken separator ';') from `tabBooking Day`
	where day between %s and %s and resource in %s and taken != '' group by resource"""
# MariaDB counts days from the year 0, Python from the year 1.
TO_DAYS = 365


def lock(days: Iterable[Day]) -> dict[Day, Seats]:
	"""Locks these days of resources until the transaction ends, always in the same order; gives what is taken now.

	Missing rows are made. The answer is the newest committed state, whatever the transaction has read before.
	"""
	wanted = {name_of(day): day for day in days}
	if not wanted:
		return {}
	now, user = frappe.utils.now_datetime(), frappe.session.user
	names = sorted(wanted)
	row = "(%s, %s, %s, %s, %s, %s, %s, '')"
	values = [value for name in names for value in (name, now, now, user, user, *wanted[name])]
	frappe.db.sql(
		f"""insert into `tabBooking Day` (name, creation, modified, owner, modified_by, resource, day, taken)
		values {", ".join([row] * len(names))} on duplicate key update name = values(name)""",  # noqa: S608 - placeholders only
		values,
	)
	rows = frappe.db.sql(
		"select name, taken from `tabBooking Day` where name in %s order by name for update", (names,)
	)
	return {wanted[name]: parse(taken) for name, taken in rows}


def read(
	resources: Iterable[str], first_day: date, last_day: date, is_fresh: bool = False
) -> dict[Day, Seats]:
	"""What is taken, in one SQL. `is_fresh`: the newest committed state instead of the transaction's own view; days
	that somebody is changing at this moment are read as they were."""
	names = sorted(set(resources))
	if not names:
		return {}
	values = (first_day, last_day, names)
	found = {
		(resource, date.fromordinal(int(day) - TO_DAYS)): parse(taken)
		for resource, its_days in frappe.db.sql(DAYS, values)
		for day, _colon, taken in (part.partition(":") for part in its_days.split(";"))
	}
	if is_fresh:
		found.update(
			{(resource, day): parse(taken) for resource, day, taken in frappe.db.sql(FRESH_DAYS, values)}
		)
	return found


def write(maps: dict[Day, Seats]) -> None:
	"""Writes the maps of locked days, in one SQL."""
	if not maps:
		return
	now, user = frappe.utils.now_datetime(), frappe.session.user
	values = []
	for name, day in sorted((name_of(day), day) for day in maps):
		minutes = sum(seat.bit_count() for seat in maps[day]) * CELL_MINUTES
		values += [name, now, now, user, user, *day, format_seats(maps[day]), minutes]
	row = "(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
	frappe.db.sql(
		f"""insert into `tabBooking Day`
		(name, creation, modified, owner, modified_by, resource, day, taken, taken_minutes)
		values {", ".join([row] * len(maps))}
		on duplicate key update taken = values(taken), taken_minutes = values(taken_minutes),
		modified = values(modified), modified_by = values(modified_by)""",  # noqa: S608 - placeholders only
		values,
	)


def over_days(maps: dict[Day, Seats], resource: str, first_day: date, days: int) -> Seats:
	"""The resource's seats over several days, as one map a seat that begins at the first day's midnight."""
	seats: Seats = []
	start = first_day.toordinal()
	for offset in range(days):
		for index, seat in enumerate(maps.get((resource, date.fromordinal(start + offset)), ())):
			while index >= len(seats):
				seats.append(0)
			seats[index] |= seat << (offset * CELLS_A_DAY)
	return seats


def change(maps: dict[Day, Seats], day: Day, cell: int, seat: int, is_taken: bool) -> None:
	"""Takes or frees one cell (of the day) of a seat in the maps."""
	seats = maps.setdefault(day, [])
	while seat >= len(seats):
		seats.append(0)
	seats[seat] = seats[seat] | 1 << cell if is_taken else seats[seat] & ~(1 << cell)


def name_of(day: Day) -> str:
	"""The row's name: by day, then by resource; short whatever the resource is called."""
	resource, when = day
	return f"{when:%Y%m%d}-{hashlib.sha256(resource.encode()).hexdigest()[:20]}"


def midnight(day: date) -> datetime:
	return datetime.combine(day, time())


def parse(taken: str | None) -> Seats:
	return [int(seat, 16) for seat in taken.split(",")] if taken else []


def format_seats(seats: Seats) -> str:
	return ",".join(f"{seat:x}" for seat in seats)


def forget(resource: str) -> None:
	"""The resource is deleted."""
	frappe.db.delete("Booking Day", {"resource": resource})


def refuse_edit() -> None:
	frappe.throw(_("Taken time is not edited: change the booking itself."), TakenTimeIsNotEdited)


def add_indexes() -> None:
	frappe.db.add_index("Booking Day", ["day", "resource"], "dealer_day")
