"""What the desk and outer programs may call. Each function checks the session user's rights.

A time that is not free is answered by 417 with `next_slots` in the body; see `booking.errors`.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cint, flt

from auto_dealer.booking import book as booking_use_case
from auto_dealer.booking import calendar, links, reschedule, slots
from auto_dealer.booking.booking_card import DOCTYPE
from auto_dealer.booking.booking_settings import get_settings
from auto_dealer.booking.change_status import change_status
from auto_dealer.booking.demand import read_demand
from auto_dealer.booking.parts_ready import ready_day

LIST = list[str] | str
JSON = dict[str, Any] | str | None


@frappe.whitelist()
def find_slots(
	offerings: LIST,
	vehicle: str | None = None,
	first_day: str | None = None,
	days: int = 14,
	limit: int | None = None,
	minutes: int | None = None,
	make: str | None = None,
	model: str | None = None,
	explain: bool = False,
) -> dict[str, Any]:
	"""`{minutes, price, parts_from, notes, slots: [{start, end, resources}]}`: free times of the services; notes on
	`explain` only. For staff who make bookings; a stranger gets a 403."""
	frappe.has_permission(DOCTYPE, "create", throw=True)
	names = frappe.parse_json(offerings)
	car = vehicle or {key: value for key, value in (("make", make), ("model", model)) if value} or None
	demand = read_demand(names, car, None, cint(minutes) or None, is_search=True)
	window = slots.get_window(demand, first_day, cint(days))
	found = slots.search(demand, *window, limit=cint(limit) or None) if window else []
	return {**describe(demand, explain), "slots": [_slot(slot) for slot in found]}


@frappe.whitelist()
def get_next_slot(offerings: LIST, vehicle: str | None = None, minutes: int | None = None) -> dict[str, Any]:
	"""As `find_slots` with the first free time of the horizon only."""
	frappe.has_permission(DOCTYPE, "create", throw=True)
	return find_slots(offerings, vehicle, None, get_settings().horizon_days, 1, minutes)


@frappe.whitelist(methods=["POST"])
def book(values: JSON) -> dict[str, Any]:
	"""Makes a booking; `values` as in `booking.book.book`. Needs create; 417 with `next_slots` when the time is taken."""
	frappe.has_permission(DOCTYPE, "create", throw=True)
	name = booking_use_case.book(frappe.parse_json(values) or {})
	# What an earlier click has made is younger than this transaction's view; a locking read sees it.
	return _answer(frappe.get_doc(DOCTYPE, name, for_update=True))


@frappe.whitelist(methods=["POST"])
def move(
	booking: str, start: str, from_resource: str | None = None, to_resource: str | None = None
) -> dict[str, Any]:
	"""A drag in the calendar: another time, another resource. Needs write on the booking."""
	frappe.has_permission(DOCTYPE, "write", doc=booking, throw=True)
	return _answer(reschedule.replace_resource(booking, start, from_resource, to_resource))


@frappe.whitelist(methods=["POST"])
def move_to(
	booking: str, start: str, resources: LIST | None = None, minutes: int | None = None
) -> dict[str, Any]:
	"""Another time; resources that are not free are replaced, unless they are named. Needs write on the booking."""
	frappe.has_permission(DOCTYPE, "write", doc=booking, throw=True)
	named = frappe.parse_json(resources) if resources else None
	return _answer(reschedule.reschedule(booking, start, named, cint(minutes) or None))


@frappe.whitelist(methods=["POST"])
def set_status(booking: str, status: str, reason: str | None = None) -> dict[str, Any]:
	"""Another state, along the ways of `rules.status`. Needs write on the booking."""
	frappe.has_permission(DOCTYPE, "write", doc=booking, throw=True)
	values = {"cancel_reason": reason} if reason else {}
	return _answer(change_status(booking, status, **values))


@frappe.whitelist()
def get_calendar(first_day: str | None = None, days: int = 1, kinds: LIST | None = None) -> dict[str, Any]:
	"""The service calendar of up to seven days: resources, hours, bookings, utilisation. For those who read bookings;
	of bookings that are closed to the user only the time is told."""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	return calendar.get_calendar(first_day, cint(days), frappe.parse_json(kinds) if kinds else None)


@frappe.whitelist()
def get_link(booking: str) -> str:
	"""The client's link to this booking. For those who may change it: the link can, too."""
	frappe.has_permission(DOCTYPE, "write", doc=booking, throw=True)
	frappe.local.flags.commit = True
	return links.link_for(booking)


@frappe.whitelist(methods=["POST"])
def revoke_link(booking: str) -> None:
	"""The client's link shows nothing from now on. Needs write on the booking."""
	frappe.has_permission(DOCTYPE, "write", doc=booking, throw=True)
	links.revoke(booking)


def describe(demand, explain: bool = False) -> dict[str, Any]:
	"""Length, price and parts of what is to be booked. Words cost as much as the search, so they come on request."""
	parts = ready_day(demand.plan.parts) if demand.plan.parts and get_settings().is_parts_aware else None
	return {
		"minutes": demand.minutes,
		"price": flt(demand.plan.price),
		"parts_from": str(parts.day) if parts and parts.day else None,
		"missing_parts": list(parts.missing) if parts else [],
		"notes": demand.plan.explanations if explain else [],
	}


def _slot(slot: slots.Slot) -> dict[str, Any]:
	return {"start": str(slot.start), "end": str(slot.end), "resources": list(slot.resources)}


def _answer(booking) -> dict[str, Any]:
	return {
		"name": booking.name,
		"status": booking.status,
		"start": str(booking.start),
		"end": str(booking.end),
		"resources": [row.resource for row in booking.resources],
	}
