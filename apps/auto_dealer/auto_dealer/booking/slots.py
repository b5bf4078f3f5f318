"""When services can be booked: the free times of the next days, the next free time in one click."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

import frappe
from frappe.utils import getdate, now_datetime

from auto_dealer.booking import days
from auto_dealer.booking.booking_settings import get_settings
from auto_dealer.booking.demand import Demand, read_demand
from auto_dealer.booking.parts_ready import ready_day
from auto_dealer.booking.resource_times import get_needs
from auto_dealer.booking.rules.availability import (
	CELL_MINUTES,
	CELLS_A_DAY,
	cell_of,
	find_starts,
	moment_of,
)

DAYS_AT_ONCE = 14
MOST_DAYS = 62


@dataclass(frozen=True)
class Slot:
	"""A time at which all that the services need is free; `resources` are those that would be taken now."""

	start: datetime
	end: datetime
	resources: tuple[str, ...]


def find_slots(
	offerings: Sequence[str],
	vehicle: str | Mapping | None = None,
	first_day: date | str | None = None,
	days: int = DAYS_AT_ONCE,
	limit: int | None = None,
	minutes: int | None = None,
	contact: str | None = None,
	for_client: bool = False,
) -> list[Slot]:
	"""The free times of the services within `days` from `first_day` (today), the earliest first; none in the past.

	Parts are waited for when the dealer has set so. `for_client`: with the notice and the horizon that are set for
	clients, who book services that are open to them only. Checks no rights.
	"""
	if for_client and not all(is_open_to_clients(name) for name in offerings):
		return []
	demand = read_demand(offerings, vehicle, contact, minutes, is_search=True)
	window = get_window(demand, first_day, days, for_client)
	return search(demand, *window, limit=limit) if window else []


def next_slot(
	offerings: Sequence[str], vehicle: str | Mapping | None = None, for_client: bool = False, **more
) -> Slot | None:
	"""The first free time from now within the horizon."""
	found = find_slots(
		offerings, vehicle, None, get_settings().horizon_days, 1, for_client=for_client, **more
	)
	return found[0] if found else None


def is_open_to_clients(offering: str) -> bool:
	"""Whether clients book it themselves."""
	doc = frappe.get_cached_doc("Service Offering", offering)
	return bool(doc.is_active and doc.is_bookable_online)


def get_window(
	demand: Demand, first_day: date | str | None, day_count: int, for_client: bool = False
) -> tuple[datetime, datetime] | None:
	"""From when until when is looked; None when the parts of the job are not to be had."""
	settings, now = get_settings(), now_datetime()
	begin = days.midnight(getdate(first_day) if first_day else now.date())
	end = begin + timedelta(days=min(max(day_count, 1), MOST_DAYS))
	begin = max(begin, now + timedelta(minutes=settings.lead_minutes if for_client else 0))
	if for_client:
		end = min(end, days.midnight(now.date() + timedelta(days=settings.horizon_days + 1)))
	if settings.is_parts_aware and demand.plan.parts:
		day = ready_day(demand.plan.parts).day
		if not day:
			return None
		begin = max(begin, days.midnight(day))
	return (begin, end) if begin < end else None


def search(
	demand: Demand,
	begin: datetime,
	end: datetime | None = None,
	limit: int | None = None,
	is_fresh: bool = False,
) -> list[Slot]:
	"""The free times from `begin` on that start before `end` (the horizon)."""
	begin = max(begin, now_datetime())
	end = end or days.midnight(begin.date() + timedelta(days=get_settings().horizon_days))
	return list(islice(_search(demand, begin, end, is_fresh), limit))


def _search(demand: Demand, begin: datetime, end: datetime, is_fresh: bool) -> Iterator[Slot]:
	step = max(get_settings().slot_step_minutes // CELL_MINUTES, 1)
	first_day = begin.date()
	while days.midnight(first_day) < end:
		count = min(DAYS_AT_ONCE, -((days.midnight(first_day) - end) // timedelta(days=1)))
		origin = days.midnight(first_day)
		last_day = first_day + timedelta(days=count)
		taken = days.read(demand.resources, first_day, last_day, is_fresh) if is_fresh else None
		needs = get_needs(demand, first_day, count, taken)
		first = max(-((origin - begin) // timedelta(minutes=CELL_MINUTES)), 0)
		cells = min(count * CELLS_A_DAY, max(cell_of(end, origin), 0))
		for found in find_starts(needs, demand.length, demand.buffer, cells, step, first):
			start = moment_of(found.cell, origin)
			yield Slot(start, start + timedelta(minutes=demand.minutes), found.resources)
		first_day = last_day
