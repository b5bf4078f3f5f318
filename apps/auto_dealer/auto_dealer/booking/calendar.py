"""Data of the service calendar: who works when, what is booked, how full the days are.

	calendar = {first_day, days, step, resources: [resource], bookings: [booking], utilisation: [{day, percent}]}
	resource = {name, kind, capacity, open: [[start, end]], percent: [per day]}
	booking  = {name, start, end, buffer_minutes, status, resources, client, phone, car, services, can_open}

Everybody who reads bookings sees that a time is taken; whose it is only those who may read the booking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.utils import getdate

from auto_dealer.booking import days as booking_days
from auto_dealer.booking.booking_settings import get_settings
from auto_dealer.booking.rules.availability import CELL_MINUTES
from auto_dealer.booking.rules.status import HOLDING
from auto_dealer.workshop.working_time import open_intervals

MOST_DAYS = 7
SHOWN = (
	*("name", "start", "end", "buffer_minutes", "status", "client_name", "phone", "vehicle_title"),
	*("licence_plate", "services", "deal"),
)


def get_calendar(
	first_day: date | str | None = None, days: int = 1, kinds: Sequence[str] | None = None
) -> dict[str, Any]:
	"""The calendar of `days` days from `first_day` (today) for resources of these kinds (all). Ten SQL at most."""
	first = getdate(first_day)
	count = min(max(days, 1), MOST_DAYS)
	last = first + timedelta(days=count - 1)
	resources = _resources(kinds)
	names = [resource.name for resource in resources]
	hours = open_intervals(names, first, last)
	taken = booking_days.read(names, first, last)
	dates = [first + timedelta(days=offset) for offset in range(count)]
	return {
		"first_day": str(first),
		"days": count,
		"step": get_settings().slot_step_minutes,
		"resources": [_resource(resource, hours[resource.name], taken, dates) for resource in resources],
		"bookings": _bookings(first, last, set(names)),
		"utilisation": [{"day": str(day), "percent": _of_day(resources, hours, taken, day)} for day in dates],
	}


def _resources(kinds: Sequence[str] | None) -> list[frappe._dict]:
	filters = {"is_active": 1, **({"resource_kind": ("in", list(kinds))} if kinds else {})}
	fields = ["name", "resource_kind", "capacity"]
	return frappe.get_all("Service Resource", filters, fields, order_by="resource_kind, sort_order, name")


def _resource(resource, hours, taken: Mapping, dates: list[date]) -> dict[str, Any]:
	return {
		"name": resource.name,
		"kind": resource.resource_kind,
		"capacity": resource.capacity,
		"open": [[str(start), str(end)] for start, end in hours],
		"percent": [_of_day([resource], {resource.name: hours}, taken, day) for day in dates],
	}


def _of_day(resources, hours: Mapping, taken: Mapping, day: date) -> int | None:
	"""Taken seats in percent of those that work; None on a day off. Overtime counts as more than 100."""
	used = sum(seat.bit_count() for r in resources for seat in taken.get((r.name, day), ())) * CELL_MINUTES
	there = sum(_minutes(hours[r.name], day) * r.capacity for r in resources)
	return round(100 * used / there) if there else None


def _minutes(hours, day: date) -> int:
	begin = booking_days.midnight(day)
	end = begin + timedelta(days=1)
	inside = (min(last, end) - max(first, begin) for first, last in hours if first < end and last > begin)
	return sum(int(part.total_seconds() // 60) for part in inside)


def _bookings(first: date, last: date, names: set[str]) -> list[dict[str, Any]]:
	begin, end = booking_days.midnight(first), booking_days.midnight(last) + timedelta(days=1)
	rows = frappe.db.sql(
		"""select b.name, b.start, b.end, b.buffer_minutes, b.status, r.resource from `tabService Booking` b
		inner join `tabService Booking Resource` r on r.parent = b.name
		where b.start < %s and b.start >= %s and b.end > %s and b.status in %s order by b.start, b.name""",
		(end, begin - timedelta(days=2), begin, tuple(HOLDING)),
		as_dict=True,
	)
	rows = [row for row in rows if row.resource in names]
	details = _details(sorted({row.name for row in rows}))
	found: dict[str, dict[str, Any]] = {}
	for row in rows:
		if row.name not in found:
			found[row.name] = _booking(row, details.get(row.name))
		found[row.name]["resources"].append(row.resource)
	return list(found.values())


def _details(names: list[str]) -> dict[str, frappe._dict]:
	"""Of the bookings that the user may read."""
	if not names:
		return {}
	rows = frappe.get_list("Service Booking", {"name": ("in", names)}, list(SHOWN), limit=len(names))
	return {row.name: row for row in rows}


def _booking(row, details) -> dict[str, Any]:
	booking = {
		"name": row.name if details else "",
		"key": frappe.generate_hash(row.name, 8),
		"start": str(row.start),
		"end": str(row.end),
		"buffer_minutes": row.buffer_minutes or 0,
		"status": row.status,
		"resources": [],
		"can_open": int(bool(details)),
	}
	if details:
		booking.update(
			client=details.client_name,
			phone=details.phone,
			car=details.vehicle_title or details.licence_plate,
			services=details.services,
			deal=details.deal,
		)
	return booking
