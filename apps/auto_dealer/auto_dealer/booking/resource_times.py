"""Working time and taken time of resources, put together as maps for the rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from auto_dealer.booking import days
from auto_dealer.booking.demand import Demand
from auto_dealer.booking.rules.availability import CELLS_A_DAY, ResourceTime, busy_levels, open_map
from auto_dealer.workshop import setup_cache, working_time

Needs = list[tuple[int, list[ResourceTime]]]


def get_needs(
	demand: Demand, first_day: date, day_count: int, taken: Mapping[days.Day, days.Seats] | None = None
) -> Needs:
	"""The needs with the time of their resources; bit 0 is the midnight of the first day.

	`taken`: maps that are known already (of locked days). One more day is looked at for jobs past the last midnight.
	"""
	last_day = first_day + timedelta(days=day_count)
	names = demand.resources
	# Who takes time comes with the maps of locked days; a search may know the hours of a minute ago.
	source = setup_cache if taken is None else working_time
	open_time = source.open_intervals(names, first_day, last_day)
	maps = days.read(names, first_day, last_day) if taken is None else taken
	capacity = {resource.name: resource.capacity for _count, found in demand.needs for resource in found}
	cells = (day_count + 1) * CELLS_A_DAY
	origin = days.midnight(first_day)
	known_open: dict[tuple, int] = {}
	times = {}
	for name in names:
		hours = tuple(open_time[name])
		if hours not in known_open:
			known_open[hours] = open_map(hours, origin, cells)
		seats = days.over_days(maps, name, first_day, day_count + 1)
		times[name] = ResourceTime(name, known_open[hours], busy_levels(seats, capacity[name]))
	return [(count, [times[resource.name] for resource in found]) for count, found in demand.needs]
