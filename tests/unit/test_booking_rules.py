"""Availability against a brute-force oracle, and the small rules of booking."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auto_dealer.booking.rules.availability import (
	ResourceTime,
	assign,
	assign_at,
	busy_levels,
	cell_of,
	choose_seats,
	count_cells,
	erode,
	find_starts,
	is_on_grid,
	moment_of,
	open_map,
	run,
)

ORIGIN = datetime(2026, 11, 23)
CELLS = 14


# -- the oracle: cell by cell, assignment by assignment ---------------------------------------------


class Plain:
	"""A resource as sets of cells: no bit maps."""

	def __init__(self, name: str, open_cells: set[int], jobs: list[tuple[int, int]], capacity: int):
		self.name, self.open, self.jobs, self.capacity = name, open_cells, jobs, capacity

	def taken(self, cell: int) -> int:
		return sum(first <= cell < last for first, last in self.jobs)

	def free_seats(self, start: int, length: int, buffer: int) -> int:
		if any(cell not in self.open for cell in range(start, start + length)):
			return 0
		return min(max(self.capacity - self.taken(c), 0) for c in range(start, start + length + buffer))


def oracle(needs, start: int, length: int, buffer: int, required: frozenset) -> bool:
	"""Whether any way to give each unit a resource keeps all seats."""
	units = [resources for count, resources in needs for _ in range(count)]
	for choice in itertools.product(*units):
		used = {}
		for resource in choice:
			used[resource.name] = used.get(resource.name, 0) + 1
		if not required <= set(used):
			continue
		if all(used[r.name] <= r.free_seats(start, length, buffer) for r in choice):
			return True
	return False


@st.composite
def resource(draw, name: str) -> Plain:
	capacity = draw(st.integers(1, 3))
	first = draw(st.integers(0, 4))
	last = draw(st.integers(first, CELLS))
	gap = draw(st.integers(0, CELLS))
	open_cells = {cell for cell in range(first, last) if cell != gap}
	jobs: list[tuple[int, int]] = []
	for _ in range(draw(st.integers(0, 4))):
		start = draw(st.integers(0, CELLS - 1))
		job = (start, draw(st.integers(start + 1, CELLS + 3)))
		if all(sum(a <= cell < b for a, b in jobs) < capacity for cell in range(*job)):
			jobs.append(job)
	return Plain(name, open_cells, jobs, capacity)


@st.composite
def question(draw):
	resources = [draw(resource(f"r{index}")) for index in range(draw(st.integers(1, 4)))]
	needs = []
	for _ in range(draw(st.integers(1, 3))):
		chosen = draw(st.lists(st.sampled_from(resources), unique_by=id, max_size=4))
		needs.append((draw(st.integers(1, 2)), chosen))
	required = draw(st.sets(st.sampled_from([r.name for r in resources]), max_size=2))
	return needs, draw(st.integers(1, 5)), draw(st.integers(0, 2)), frozenset(required)


def as_maps(plain: Plain) -> ResourceTime:
	"""Through seats, as the tables keep it: each job takes the seats that `choose_seats` gives it."""
	seats = [0] * plain.capacity
	for first, last in plain.jobs:
		for cell, seat in zip(
			range(first, last), choose_seats(seats, plain.capacity, first, last - first), strict=True
		):
			assert not seats[seat] >> cell & 1
			seats[seat] |= 1 << cell
	return ResourceTime(plain.name, sum(1 << cell for cell in plain.open), busy_levels(seats, plain.capacity))


@pytest.mark.requirement("R202", "R203", "R204")
@settings(max_examples=400, deadline=None)
@given(question())
def test_slots_are_those_of_the_oracle(asked):
	needs, length, buffer, required = asked
	maps = [(count, [as_maps(r) for r in resources]) for count, resources in needs]
	plain = {r.name: r for _count, resources in needs for r in resources}
	found = {f.cell: f for f in find_starts(maps, length, buffer, CELLS, required=required)}
	for start in range(CELLS):
		assert (start in found) == oracle(needs, start, length, buffer, required), start
		assert (assign_at(maps, start, length, buffer, required) is not None) == (start in found)
	for start, slot in found.items():
		units = [resources for count, resources in needs for _ in range(count)]
		assert required <= set(slot.resources)
		assert len(slot.resources) == len(units)
		for name, options in zip(slot.resources, units, strict=True):
			assert name in {r.name for r in options}
		for name in set(slot.resources):
			assert slot.resources.count(name) <= plain[name].free_seats(start, length, buffer)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**20), st.integers(1, 8))
def test_erosion_is_a_run_of_cells(cells: int, length: int):
	wanted = sum(1 << start for start in range(21) if all(cells >> (start + i) & 1 for i in range(length)))
	assert erode(cells, length) == wanted


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 2**12 - 1), max_size=4), st.integers(1, 4))
def test_levels_count_seats(seats: list[int], capacity: int):
	levels = busy_levels(seats, capacity)
	for cell in range(12):
		taken = sum(seat >> cell & 1 for seat in seats)
		assert [level >> cell & 1 for level in levels] == [int(taken > k) for k in range(capacity)]


def test_a_mechanic_and_a_lift_must_be_free_together():
	mechanic = ResourceTime("anna", run(36, 16), (run(36, 4),))  # at work 9-13, busy until 10
	lift = ResourceTime("lift", run(36, 16), (run(44, 4),))  # taken 11-12
	needs = [(1, [mechanic]), (1, [lift])]
	assert [f.cell for f in find_starts(needs, 4, 0, 96, step=2)] == [40, 48]
	assert [f.cell for f in find_starts(needs, 5, 0, 96)] == []


def test_the_buffer_may_lie_after_the_shift_but_not_on_another_booking():
	car = ResourceTime("car", run(36, 8), (run(44, 4),))
	assert [f.cell for f in find_starts([(1, [car])], 4, 2, 96)] == [36, 37, 38]
	assert [f.cell for f in find_starts([(1, [ResourceTime("car", run(36, 8), (0,))])], 4, 2, 96)][-1] == 40


def test_without_a_need_nothing_is_promised():
	assert list(find_starts([], 4, 0, 96)) == []


def test_one_who_can_do_both_leaves_the_simple_job_to_the_other():
	assert assign([["anna", "boris"], ["anna"]], {"anna": 1, "boris": 1}) == ["boris", "anna"]
	assert assign([["anna"], ["anna"]], {"anna": 1}) is None
	assert assign([["bay"], ["bay"]], {"bay": 2}) == ["bay", "bay"]


def test_a_required_resource_is_used():
	units = [["anna", "boris"], ["anna", "vera"]]
	seats = {"anna": 1, "boris": 1, "vera": 1}
	assert assign(units, seats) == ["anna", "vera"]
	assert assign(units, seats, frozenset({"boris"})) == ["boris", "anna"]
	assert assign(units, seats, frozenset({"boris", "vera"})) == ["boris", "vera"]
	assert assign(units, seats, frozenset({"gleb"})) is None


def test_open_time_is_rounded_inwards():
	start, end = ORIGIN + timedelta(hours=9, minutes=5), ORIGIN + timedelta(hours=10, minutes=10)
	assert open_map([(start, end)], ORIGIN, 96) == run(37, 3)
	assert open_map([(ORIGIN - timedelta(hours=1), ORIGIN + timedelta(minutes=30))], ORIGIN, 96) == 3
	assert open_map([(ORIGIN, ORIGIN + timedelta(days=2))], ORIGIN, 96) == run(0, 96)


def test_cells():
	assert [count_cells(minutes) for minutes in (0, 1, 15, 16, 60)] == [0, 1, 1, 2, 4]
	moment = ORIGIN + timedelta(days=1, hours=9, minutes=30)
	assert cell_of(moment, ORIGIN) == 96 + 38
	assert moment_of(96 + 38, ORIGIN) == moment
	assert is_on_grid(moment)
	assert not is_on_grid(moment + timedelta(minutes=7))
	assert not is_on_grid(moment + timedelta(seconds=1))


def test_a_job_changes_seats_only_when_it_must():
	assert choose_seats([0b0011, 0], 2, 0, 4) == [1, 1, 1, 1]
	assert choose_seats([0b0011, 0b1100], 2, 0, 4) == [1, 1, 0, 0]
	with pytest.raises(ValueError, match="no seat in cell 1"):
		choose_seats([0b0010], 1, 0, 2)
