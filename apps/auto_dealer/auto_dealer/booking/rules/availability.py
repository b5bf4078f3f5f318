"""When every resource that a job needs is free for its whole length. Pure: integers as bit maps of time in, slots out.

Time is cut into cells of 15 minutes, counted from a midnight (the origin). Bit i of a map stands for cell i. A resource
works in the cells of `open`; `busy[k]` are the cells in which more than k of its seats are taken, so a resource with
3 seats is full in the cells of `busy[2]`. All maps of one question have the same origin.

A job starts in cell s with `length` cells of work and `buffer` cells after it (cleaning, the way back of a test-drive
car). A resource serves it when it works and has a seat in each of the `length` cells, and has a seat in each of the
`buffer` cells, whether it works then or not. Each unit of each need takes one seat of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

CELL_MINUTES = 15
CELLS_A_DAY = 24 * 60 // CELL_MINUTES
CELL = timedelta(minutes=CELL_MINUTES)


@dataclass(frozen=True)
class ResourceTime:
	"""The time of one resource; `len(busy)` is its capacity."""

	name: str
	open: int
	busy: tuple[int, ...]

	@property
	def capacity(self) -> int:
		return len(self.busy)


@dataclass(frozen=True)
class Found:
	"""A start that is possible, and the resource of each unit of the needs, in their order."""

	cell: int
	resources: tuple[str, ...]


# -- cells ----------------------------------------------------------------------------------------


def count_cells(minutes: int) -> int:
	"""So many cells hold these minutes; a part of a cell takes the whole of it."""
	return -(-max(minutes, 0) // CELL_MINUTES)


def cell_of(moment: datetime, origin: datetime) -> int:
	"""The cell in which the moment lies; negative before the origin."""
	return (moment - origin) // CELL


def moment_of(cell: int, origin: datetime) -> datetime:
	return origin + cell * CELL


def is_on_grid(moment: datetime) -> bool:
	return not (moment.minute % CELL_MINUTES or moment.second or moment.microsecond)


def run(first: int, count: int) -> int:
	"""The map of `count` cells from `first`; what lies before the origin is cut off."""
	last = first + count
	first = max(first, 0)
	return ((1 << (last - first)) - 1) << first if last > first else 0


def open_map(intervals: Iterable[tuple[datetime, datetime]], origin: datetime, cells: int) -> int:
	"""Cells that lie within one of the intervals as a whole, of the first `cells`."""
	found = 0
	for start, end in intervals:
		first, last = -((origin - start) // CELL), (end - origin) // CELL
		found |= run(first, last - first)
	return found & ((1 << cells) - 1)


def busy_levels(seats: Iterable[int], capacity: int) -> tuple[int, ...]:
	"""`busy` of a resource from the maps of its seats; more seats in use than `capacity` count as full."""
	levels: list[int] = []
	for seat in seats:
		for index, level in enumerate(levels):
			levels[index], seat = level | seat, level & seat
		if seat:
			levels.append(seat)
	return tuple((*levels, *[0] * capacity)[:capacity])


def choose_seats(seats: Sequence[int], capacity: int, first: int, count: int) -> list[int]:
	"""The seat for each of the cells: one and the same where a seat is free throughout, else the lowest free one.

	Raises ValueError for a cell in which all seats are taken.
	"""
	wanted = run(first, count)
	maps = [seats[index] if index < len(seats) else 0 for index in range(capacity)]
	for index, taken in enumerate(maps):
		if not taken & wanted:
			return [index] * count
	chosen = []
	for cell in range(first, first + count):
		free = [index for index, taken in enumerate(maps) if not taken >> cell & 1]
		if not free:
			raise ValueError(f"no seat in cell {cell}")
		chosen.append(free[0])
	return chosen


# -- one resource ---------------------------------------------------------------------------------


def erode(cells: int, length: int) -> int:
	"""The cells from which `length` cells in a row lie in the map."""
	done = 1
	while cells and done < length:
		step = min(done, length - done)
		cells &= cells >> step
		done += step
	return cells


def free_starts(resource: ResourceTime, seats: int, length: int, buffer: int, cells: int) -> int:
	"""The starts for which the resource has `seats` free seats throughout. Of the first `cells` only."""
	if not 1 <= seats <= resource.capacity:
		return 0
	horizon = (1 << (cells + length + buffer)) - 1
	vacant = horizon & ~resource.busy[resource.capacity - seats]
	starts = erode(vacant & resource.open, length)
	if buffer:
		starts &= erode(vacant, length + buffer)
	return starts & ((1 << cells) - 1)


# -- all needs ------------------------------------------------------------------------------------


def find_starts(
	needs: Sequence[tuple[int, Sequence[ResourceTime]]],
	length: int,
	buffer: int,
	cells: int,
	step: int = 1,
	first: int = 0,
	required: frozenset[str] = frozenset(),
) -> Iterator[Found]:
	"""The possible starts from cell `first` on, the earliest first, with resources that can serve all needs together.

	`needs`: how many, and of whom, the preferred ones first. `step`: only every so many cells from the origin.
	`required`: resources that must be among those chosen. Without any need nothing is found.
	"""
	if length < 1 or not needs:
		return
	starts = _Starts(length, buffer, cells)
	possible = ((1 << cells) - 1) & ~run(0, first) & _every(step, cells)
	for _count, resources in needs:
		some = 0
		for resource in resources:
			some |= starts.of(resource, 1)
		possible &= some
	while possible:
		cell = (possible & -possible).bit_length() - 1
		possible &= possible - 1
		if chosen := _assign_at(needs, starts, cell, required):
			yield Found(cell, tuple(chosen))


def assign_at(
	needs: Sequence[tuple[int, Sequence[ResourceTime]]],
	cell: int,
	length: int,
	buffer: int,
	required: frozenset[str] = frozenset(),
) -> tuple[str, ...] | None:
	"""Resources for one start, or None: as `find_starts` for this cell alone."""
	starts = _Starts(length, buffer, cell + 1)
	chosen = _assign_at(needs, starts, cell, required)
	return tuple(chosen) if chosen else None


class _Starts:
	"""Free starts by resource and seats, each worked out once."""

	def __init__(self, length: int, buffer: int, cells: int):
		self.length, self.buffer, self.cells = length, buffer, cells
		self.known: dict[tuple[str, int], int] = {}

	def of(self, resource: ResourceTime, seats: int) -> int:
		key = (resource.name, seats)
		if key not in self.known:
			self.known[key] = free_starts(resource, seats, self.length, self.buffer, self.cells)
		return self.known[key]

	def seats_at(self, resource: ResourceTime, cell: int) -> int:
		"""How many jobs that start here the resource can take."""
		seats = 0
		while seats < resource.capacity and self.of(resource, seats + 1) >> cell & 1:
			seats += 1
		return seats


def _every(step: int, cells: int) -> int:
	"""The map of every `step`-th cell."""
	found, width = 1, step
	while width < cells:
		found |= found << width
		width *= 2
	return found


def _assign_at(needs, starts: _Starts, cell: int, required: frozenset[str]) -> list[str] | None:
	if not required and (chosen := _first_free(needs, starts, cell)):
		return chosen
	units: list[list[str]] = []
	seats: dict[str, int] = {}
	for count, resources in needs:
		options = []
		for resource in resources:
			if starts.of(resource, 1) >> cell & 1:
				options.append(resource.name)
				seats.setdefault(resource.name, starts.seats_at(resource, cell))
		if not options:
			return None
		units += [options] * count
	return assign(units, seats, required)


def _first_free(needs, starts: _Starts, cell: int) -> list[str] | None:
	"""For each unit the first free resource that no other unit has: mostly that is all there is to find."""
	chosen: list[str] = []
	for count, resources in needs:
		wanted = count
		for resource in resources:
			if not wanted:
				break
			if starts.of(resource, 1) >> cell & 1 and resource.name not in chosen:
				chosen.append(resource.name)
				wanted -= 1
		if wanted:
			return None
	return chosen


# -- who takes what -------------------------------------------------------------------------------


def assign(
	units: Sequence[Sequence[str]], seats: dict[str, int], required: frozenset[str] = frozenset()
) -> list[str] | None:
	"""One resource for each unit from its options, none for more units than it has seats; None if there is no way.

	A matching in a bipartite graph (Kuhn's augmenting paths), earlier options are preferred. `required` resources are
	used at least once each.
	"""
	missing = sorted(required)
	if not missing:
		return _match(units, seats)
	name = missing[0]
	for index, options in enumerate(units):
		if name not in options or not seats.get(name, 0):
			continue
		others = [*units[:index], *units[index + 1 :]]
		left = {**seats, name: seats[name] - 1}
		if (chosen := assign(others, left, required - {name})) is not None:
			return [*chosen[:index], name, *chosen[index:]]
	return None


def _match(units: Sequence[Sequence[str]], seats: dict[str, int]) -> list[str] | None:
	holders: dict[str, list[int]] = {}
	for unit in range(len(units)):
		if not _seat(unit, units, seats, holders, set()):
			return None
	chosen = [""] * len(units)
	for name, held in holders.items():
		for unit in held:
			chosen[unit] = name
	return chosen


def _seat(unit: int, units, seats: dict[str, int], holders: dict[str, list[int]], tried: set[str]) -> bool:
	"""Seats a unit, moving others along an augmenting path where needed."""
	for name in units[unit]:
		held = holders.setdefault(name, [])
		if len(held) < seats.get(name, 0):
			held.append(unit)
			return True
	for name in units[unit]:
		if name in tried:
			continue
		tried.add(name)
		held = holders[name]
		for position, other in enumerate(held):
			if _seat(other, units, seats, holders, tried):
				held[position] = unit
				return True
	return False
