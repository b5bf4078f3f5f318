"""The door through which every change of time passes: desk, REST, import, calendar, portal, use cases.

`decide` (in validate): locks the days of all resources that may serve, sees what is taken now, chooses, or refuses with
`SlotTaken`. `keep` (in on_update, when nothing else can fail): rewrites the booking's holds and the maps of the days.
Both within the user's transaction: whatever ends it leaves all of it or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_datetime

from auto_dealer.booking import days, holds
from auto_dealer.booking.demand import Demand, demand_of, prefer
from auto_dealer.booking.errors import BadTime, NotSuitable, SameRequest
from auto_dealer.booking.holds import Hold
from auto_dealer.booking.refuse_slot import refuse
from auto_dealer.booking.resource_times import get_needs
from auto_dealer.booking.rules.availability import (
	CELL,
	CELL_MINUTES,
	CELLS_A_DAY,
	assign_at,
	cell_of,
	choose_seats,
	count_cells,
	is_on_grid,
)
from auto_dealer.booking.rules.status import holds_time

WATCHED = ("start", "duration_minutes", "vehicle", "make", "model")


@dataclass
class Taking:
	"""What `keep` has to write."""

	maps: dict[days.Day, days.Seats] = field(default_factory=dict)
	changed: set[days.Day] = field(default_factory=set)
	holds: list[Hold] = field(default_factory=list)
	is_move: bool = False  # the booking holds something already


# -- deciding -------------------------------------------------------------------------------------


def decide(booking: Document, before: Document | None) -> Demand | None:
	"""Sees to it that the booking may have its time; sets its end and resources. None: the time stays as it is."""
	booking.flags.taking = None
	held = bool(before and holds_time(before.status))
	if not holds_time(booking.status):
		if held:
			booking.flags.taking = _locked([], before)[0]
		return None
	if held and not is_changed(booking, before):
		return None
	required = required_resources(booking, before)
	demand = demand_of(booking, own_minutes(booking, before))
	check_suitable(demand, required)
	booking.start = check_start(booking, before)
	booking.end = booking.start + timedelta(minutes=demand.minutes)
	_take(booking, before if held else None, demand, required)
	return demand


def is_changed(booking: Document, before: Document) -> bool:
	"""Whether the save asks for other time, other services or other resources."""
	if get_datetime(booking.start) != before.start:
		return True
	if any((booking.get(name) or None) != (before.get(name) or None) for name in WATCHED[1:]):
		return True
	return _names(booking, "offerings", "offering") != _names(before, "offerings", "offering") or _names(
		booking, "resources", "resource"
	) != _names(before, "resources", "resource")


def _names(booking: Document, table: str, column: str) -> list[str]:
	return sorted(row.get(column) or "" for row in booking.get(table))


def required_resources(booking: Document, before: Document | None) -> frozenset[str]:
	"""Those that somebody has chosen; the ones of an unchanged table are only preferred."""
	if booking.flags.required_resources is not None:
		return frozenset(booking.flags.required_resources)
	chosen = _names(booking, "resources", "resource")
	if before and chosen == _names(before, "resources", "resource"):
		return frozenset()
	return frozenset(name for name in chosen if name)


def own_minutes(booking: Document, before: Document | None) -> int | None:
	"""A length that somebody has typed; None for that of the norms."""
	typed = cint(booking.duration_minutes)
	if not typed or (
		before and typed == cint(before.duration_minutes) and typed == cint(before.planned_minutes)
	):
		return None
	return typed


def check_suitable(demand: Demand, required: frozenset[str]) -> None:
	"""A resource that somebody has chosen serves one of the needs."""
	unknown = sorted(required - set(demand.resources))
	if unknown:
		frappe.throw(
			_("{0} cannot do this: the services need other resources or skills.").format(", ".join(unknown)),
			NotSuitable,
		)


def check_start(booking: Document, before: Document | None) -> datetime:
	start = get_datetime(booking.start)
	if not is_on_grid(start):
		frappe.throw(_("A booking starts on a quarter of an hour, for example 10:15."), BadTime)
	is_moved = not before or start != before.start
	if is_moved and booking.status != "Done" and start.date() < frappe.utils.getdate():
		frappe.throw(_("This time is over. Choose a time from today on."), BadTime)
	return start


# -- taking ---------------------------------------------------------------------------------------


def _take(booking: Document, held: Document | None, demand: Demand, required: frozenset[str]) -> None:
	first_day = booking.start.date()
	first = cell_of(booking.start, days.midnight(first_day))
	last_cell = first + demand.length + demand.buffer - 1
	touched = [first_day + timedelta(days=offset) for offset in range(last_cell // CELLS_A_DAY + 1)]
	taking, _own = _locked([(name, day) for name in demand.resources for day in touched], held)
	_refuse_second_click(booking)
	needs = get_needs(_by_preference(booking, demand, taking), first_day, len(touched), taking.maps)
	chosen = assign_at(needs, first, demand.length, demand.buffer, required)
	if not chosen and demand.needs:
		refuse(booking, demand, needs, first, required)
	chosen = chosen or ()
	rows = []
	for name in chosen:
		seats = _seats(taking, demand, name, first_day, first)
		rows.append((name, seats[0]))
	booking.flags.taking = taking
	_set_rows(booking, rows, demand)


def _locked(wanted: list[days.Day], held: Document | None) -> tuple[Taking, list[Hold]]:
	"""Days locked in one go, new and old ones together; the maps are without the booking's own holds."""
	old = set(_days_of(held)) if held else set()
	taking = Taking(days.lock({*wanted, *old}), is_move=bool(held))
	own = holds.read_own(held.name) if held else []
	for hold in own:
		day, cell = _place(hold.cell)
		days.change(taking.maps, (hold.resource, day), cell, hold.seat, False)
		taking.changed.add((hold.resource, day))
	return taking, own


def _days_of(booking: Document) -> list[days.Day]:
	"""The days of resources on which the booking stands."""
	first = booking.start.date()
	minutes = cint(booking.duration_minutes) + cint(booking.buffer_minutes) + CELL_MINUTES
	last = (booking.start + timedelta(minutes=minutes)).date()
	return [
		(row.resource, first + timedelta(days=offset))
		for row in booking.resources
		for offset in range((last - first).days + 1)
	]


def _by_preference(booking: Document, demand: Demand, taking: Taking) -> Demand:
	"""Those in the table come first, then whoever has least to do that day, then the order of the lists."""
	load: dict[str, int] = {}
	for (name, _day), seats in taking.maps.items():
		load[name] = load.get(name, 0) + sum(seat.bit_count() for seat in seats)
	listed = dict.fromkeys(resource.name for _count, found in demand.needs for resource in found)
	in_table = [row.resource for row in booking.resources]
	return prefer(demand, [*in_table, *sorted(listed, key=lambda name: load.get(name, 0))])


def _seats(taking: Taking, demand: Demand, name: str, first_day: date, first: int) -> list[int]:
	"""Takes the cells in the maps, one seat each, and notes the holds to write."""
	capacity = next(r.capacity for _count, found in demand.needs for r in found if r.name == name)
	count = demand.length + demand.buffer
	last_day = (first + count - 1) // CELLS_A_DAY
	seats = choose_seats(days.over_days(taking.maps, name, first_day, last_day + 1), capacity, first, count)
	origin = days.midnight(first_day)
	for cell, seat in enumerate(seats, first):
		day = first_day + timedelta(days=cell // CELLS_A_DAY)
		days.change(taking.maps, (name, day), cell % CELLS_A_DAY, seat, True)
		taking.changed.add((name, day))
		taking.holds.append(Hold(name, origin + cell * CELL, seat))
	return seats


def _set_rows(booking: Document, chosen: list[tuple[str, int]], demand: Demand) -> None:
	"""The table says what is taken; rows that stay keep their place."""
	kinds = {r.name: r.kind for _count, found in demand.needs for r in found}
	booking.set("resources", [])
	for name, seat in chosen:
		values = {"resource": name, "resource_kind": kinds[name], "seat": seat + 1}
		booking.append("resources", {**values, "start": booking.start, "end": booking.end})


def _refuse_second_click(booking: Document) -> None:
	"""Under the lock: the first click of the same request has been saved by now, if there was one."""
	if not booking.is_new() or not booking.request_key:
		return
	found = frappe.db.sql(
		"select name from `tabService Booking` where request_key = %s lock in share mode", booking.request_key
	)
	if found:
		raise SameRequest(found[0][0])


# -- keeping --------------------------------------------------------------------------------------


def keep(booking: Document) -> None:
	"""Writes what was decided: holds and maps."""
	taking: Taking | None = booking.flags.taking
	if not taking:
		return
	booking.flags.taking = None
	if taking.is_move:
		holds.delete_own(booking.name)
	try:
		holds.add(booking.name, taking.holds)
	except Exception as error:
		# The last line: the maps were wrong, the database is right.
		if not frappe.db.is_duplicate_entry(error):
			raise
		refuse(booking)
	days.write({day: taking.maps[day] for day in taking.changed})


def free(booking: Document) -> None:
	"""The booking is deleted: all that it holds is free."""
	taking, _own = _locked([], booking)
	booking.flags.taking = taking
	keep(booking)


def _place(moment: datetime) -> tuple[date, int]:
	return moment.date(), count_cells(moment.hour * 60 + moment.minute)
