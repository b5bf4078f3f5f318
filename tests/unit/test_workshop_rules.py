"""Rules of the workshop: norms, rates, working hours, plans; each against tables of cases and a slow oracle."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auto_dealer.workshop.rules import norm_match, rate_match
from auto_dealer.workshop.rules.norm_match import Car, NormRow, clashes, fold_engine, matches, specificity
from auto_dealer.workshop.rules.plan import (
	Need,
	join_needs,
	minutes_of,
	needs_of_offering,
	share_price,
)
from auto_dealer.workshop.rules.rate_match import RateRow
from auto_dealer.workshop.rules.working_hours import (
	DAY,
	Shift,
	find_problem,
	merge,
	open_intervals,
	subtract,
)

CAMRY = Car("Toyota", "Toyota Camry", 2015, "2.5 VVT-i", "Sedan")


def norm(name: str, **values) -> NormRow:
	return NormRow(name, Decimal(1), **values)


# -- norms -----------------------------------------------------------------------------------------

ANY = norm("any")
MAKE = norm("make", make="Toyota")
MODEL = norm("model", make="Toyota", model="Toyota Camry")
YEARS = norm("years", make="Toyota", model="Toyota Camry", year_from=2012, year_to=2017)
ENGINE = norm("engine", make="Toyota", model="Toyota Camry", engine="2,5 vvti")
BODY = norm("body", make="Toyota", model="Toyota Camry", body="Sedan")
MAKE_YEARS = norm("make years", make="Toyota", year_from=2010)
YEARS_ONLY = norm("years only", year_to=2020)
OTHER = norm("other", make="Kia")

CHOICES = [
	([], CAMRY, None),
	([OTHER], CAMRY, None),
	([ANY], CAMRY, "any"),
	([ANY], Car(), "any"),
	([ANY, MAKE], CAMRY, "make"),
	([ANY, MAKE], Car(), "any"),
	([MAKE, MODEL, MAKE_YEARS], CAMRY, "model"),
	([MAKE, MAKE_YEARS], CAMRY, "make years"),
	([MODEL, YEARS, BODY], CAMRY, "body"),
	([MODEL, YEARS, BODY, ENGINE], CAMRY, "engine"),
	([MODEL, YEARS], Car("Toyota", "Toyota Camry", 2018), "model"),
	([MODEL, YEARS], Car("Toyota", "Toyota Camry", 2017), "years"),
	([MODEL, YEARS], Car("Toyota", "Toyota Camry", 2012), "years"),
	([MODEL, YEARS], Car("Toyota", "Toyota Camry", 2011), "model"),
	([MODEL, YEARS], Car("Toyota", "Toyota Camry"), "model"),
	([ANY, YEARS_ONLY], Car(year=2021), "any"),
	([ANY, YEARS_ONLY], Car(year=2020), "years only"),
	([ENGINE], Car("Toyota", "Toyota Camry", 2015, "3.5"), None),
]


@pytest.mark.parametrize(("rows", "car", "expected"), CHOICES)
def test_the_most_specific_norm_that_fits(rows: list, car: Car, expected: str | None):
	found = norm_match.choose(rows, car)
	assert (found and found.name) == expected
	assert norm_match.choose(list(reversed(rows)), car) == found


@pytest.mark.parametrize(
	("one", "other", "same"),
	[
		("2,0 TDI", "2.0tdi", True),
		(" 2.5  VVT-i", "2.5 vvti", True),
		("2.0", "2.0 TDI", False),
		("", None, True),
	],
)
def test_spellings_of_an_engine(one: str, other: str | None, same: bool):
	assert (fold_engine(one) == fold_engine(other)) is same


CLASHES = [
	(ANY, norm("b"), True),
	(MODEL, norm("b", make="Toyota", model="Toyota Camry"), True),
	(MODEL, MAKE, False),
	(YEARS, norm("b", make="Toyota", model="Toyota Camry", year_from=2017), True),
	(YEARS, norm("b", make="Toyota", model="Toyota Camry", year_from=2018), False),
	(YEARS, norm("b", make="Toyota", model="Toyota Camry", year_to=2012), True),
	(YEARS, norm("b", make="Toyota", model="Toyota Camry", year_from=2013, year_to=2014), True),
	(YEARS, MODEL, False),
	(ENGINE, norm("b", make="Toyota", model="Toyota Camry", engine="2.5 VVT-i"), True),
	(ENGINE, BODY, False),
]


@pytest.mark.parametrize(("row", "other", "clash"), CLASHES)
def test_norms_that_contradict_each_other(row: NormRow, other: NormRow, clash: bool):
	assert bool(clashes(row, [other])) is clash
	assert bool(clashes(other, [row])) is clash
	assert clashes(row, [row]) == []


years = st.integers(0, 6).map(lambda n: n and 2000 + n)
pairs = st.sampled_from(
	[("", ""), ("T", ""), ("T", "T Camry"), ("T", "T Corolla"), ("K", ""), ("K", "K Rio")]
)
engines, bodies = st.sampled_from(["", "1.6", "2.0"]), st.sampled_from(["", "Sedan", "Wagon"])


@st.composite
def norm_rows(draw, name: str = "") -> NormRow:
	make, model = draw(pairs)
	first, last = sorted(draw(st.tuples(years, years)))
	name = name or draw(st.uuids()).hex
	hours = Decimal(draw(st.integers(1, 999))) / 100
	return NormRow(name, hours, make, model, first, last, draw(engines), draw(bodies))


@st.composite
def norm_books(draw) -> list[NormRow]:
	"""Norms as they may be saved: none contradicts another."""
	book: list[NormRow] = []
	for row in draw(st.lists(norm_rows(), max_size=12)):
		if not clashes(row, book):
			book.append(row)
	return book


cars = st.builds(
	lambda pair, year, engine, body: Car(pair[0], pair[1], year, engine, body), pairs, years, engines, bodies
)


@given(norm_books(), cars, st.randoms())
def test_the_order_of_norms_does_not_matter(book: list[NormRow], car: Car, random):
	shuffled = list(book)
	random.shuffle(shuffled)
	assert norm_match.choose(shuffled, car) == norm_match.choose(book, car)


@given(norm_books(), cars, norm_rows())
def test_a_less_specific_norm_never_changes_the_result(book: list[NormRow], car: Car, row: NormRow):
	before = norm_match.choose(book, car)
	if before and specificity(row) < specificity(before):
		assert norm_match.choose([*book, row], car) == before


@given(norm_books(), cars)
def test_the_chosen_norm_fits_and_has_no_rival(book: list[NormRow], car: Car):
	found = norm_match.choose(book, car)
	fitting = [row for row in book if matches(row, car)]
	if found is None:
		assert fitting == []
		return
	assert found in fitting
	rivals = [row for row in fitting if specificity(row) >= specificity(found)]
	assert rivals == [found]


# -- rates -----------------------------------------------------------------------------------------


def rate(amount: int, since: str = "2020-01-01", **values) -> RateRow:
	return RateRow(str(amount), Decimal(amount), date.fromisoformat(since), **values)


RATES = [
	rate(1),
	rate(2, "2025-01-01"),
	rate(3, group="Body"),
	rate(4, client_kind="Fleet"),
	rate(5, group="Body", client_kind="Fleet"),
	rate(6, is_warranty=True),
	rate(7, "2026-01-01", group="Body"),
]


@pytest.mark.parametrize(
	("group", "kind", "warranty", "day", "expected"),
	[
		("", "", False, "2019-12-31", None),
		("", "", False, "2020-01-01", 1),
		("Tyres", "Taxi", False, "2024-12-31", 1),
		("", "", False, "2025-01-01", 2),
		("Body", "", False, "2025-06-01", 3),
		("Body", "", False, "2026-06-01", 7),
		("Tyres", "Fleet", False, "2025-06-01", 4),
		("Body", "Fleet", False, "2025-06-01", 5),
		("Body", "Fleet", True, "2025-06-01", 6),
		("", "", True, "2025-06-01", 6),
	],
)
def test_the_rate_in_force(group: str, kind: str, warranty: bool, day: str, expected: int | None):
	for rows in (RATES, list(reversed(RATES))):
		found = rate_match.choose(rows, group, kind, warranty, date.fromisoformat(day))
		assert (found and int(found.rate)) == expected


def test_warranty_work_without_a_rate_of_its_own_costs_as_the_rest():
	assert rate_match.choose([rate(1)], "", "", True, date(2025, 1, 1)).rate == 1
	assert rate_match.choose([rate(6, is_warranty=True)], "", "", False, date(2025, 1, 1)) is None


# -- working hours ---------------------------------------------------------------------------------

FIRST = date(2027, 2, 22)  # a Monday
QUARTER = 15


def oracle(shifts, holidays, absences, first: date, last: date) -> set[datetime]:
	"""Every working minute of the days, asked one by one."""
	minutes = set()
	moment = datetime.combine(first, datetime.min.time())
	end = datetime.combine(last, datetime.min.time()) + timedelta(days=1)
	while moment < end:
		if is_worked(moment, shifts, holidays) and not any(a <= moment < b for a, b in absences):
			minutes.add(moment)
		moment += timedelta(minutes=1)
	return minutes


def is_worked(moment: datetime, shifts, holidays) -> bool:
	for days_ago in (0, 1):
		day = moment.date() - timedelta(days=days_ago)
		minute = moment.hour * 60 + moment.minute + days_ago * DAY
		if day in holidays:
			continue
		for shift in shifts:
			if shift.weekday != day.weekday():
				continue
			end = shift.end if shift.end > shift.start else shift.end + DAY
			if shift.start <= minute < end and not in_break(shift, minute):
				return True
	return False


def in_break(shift: Shift, minute: int) -> bool:
	if shift.break_start is None:
		return False
	start = shift.break_start + (DAY if shift.break_start < shift.start else 0)
	length = (shift.break_end - shift.break_start) % DAY or DAY
	return start <= minute < start + length


@st.composite
def shifts(draw) -> Shift:
	start = draw(st.integers(0, 95)) * QUARTER
	length = draw(st.integers(1, 95)) * QUARTER
	times: tuple = (None, None)
	if length > 2 * QUARTER and draw(st.booleans()):
		pause = draw(st.integers(1, length // QUARTER - 1)) * QUARTER
		offset = draw(st.integers(0, (length - pause) // QUARTER)) * QUARTER
		times = ((start + offset) % DAY, (start + offset + pause) % DAY)
	return Shift(draw(st.integers(0, 6)), start, (start + length) % DAY, *times)


moments = st.integers(-24 * 60, 4 * 24 * 60).map(
	lambda minute: datetime.combine(FIRST, datetime.min.time()) + timedelta(minutes=minute)
)
absences = st.lists(st.tuples(moments, moments).map(lambda pair: tuple(sorted(pair))), max_size=3)
holidays = st.frozensets(st.integers(-1, 3).map(lambda n: FIRST + timedelta(days=n)), max_size=2)


@settings(max_examples=60, deadline=None)
@given(st.lists(shifts(), max_size=6), holidays, absences, st.integers(0, 2))
def test_working_time_is_what_asking_minute_by_minute_gives(its_shifts, days_off, away, length: int):
	assert all(find_problem(shift) is None for shift in its_shifts)
	last = FIRST + timedelta(days=length)
	found = open_intervals(its_shifts, days_off, away, FIRST, last)
	for (_start, end), (start, _end) in pairwise(found):
		assert end < start
	assert minutes_in(found) == oracle(its_shifts, days_off, away, FIRST, last)


def minutes_in(intervals) -> set[datetime]:
	return {
		start + timedelta(minutes=n)
		for start, end in intervals
		for n in range(int((end - start).total_seconds() // 60))
	}


def test_touching_shifts_are_one_interval():
	found = open_intervals([Shift(0, 540, 780), Shift(0, 780, 1080)], (), (), FIRST, FIRST)
	assert found == [(datetime(2027, 2, 22, 9), datetime(2027, 2, 22, 18))]


def test_a_day_and_night_place_never_closes():
	around = [Shift(day, 480, 480) for day in range(7)]
	found = open_intervals(around, (), (), FIRST, FIRST + timedelta(days=1))
	assert found == [(datetime(2027, 2, 22), datetime(2027, 2, 24))]


@pytest.mark.parametrize(
	("shift", "problem"),
	[
		(Shift(0, 540, 1080), None),
		(Shift(0, 540, 1080, 780, 840), None),
		(Shift(0, 540, 1080, 780), "half a break"),
		(Shift(0, 540, 1080, None, 840), "half a break"),
		(Shift(0, 540, 1080, 1050, 1110), "break outside"),
		(Shift(0, 540, 1080, 500, 560), "break outside"),
		(Shift(0, 540, 1080, 780, 780), "break outside"),
		(Shift(0, 1320, 360, 60, 90), None),
		(Shift(0, 1320, 360, 1410, 30), None),
		(Shift(0, 1320, 360, 330, 390), "break outside"),
	],
)
def test_breaks_of_a_shift(shift: Shift, problem: str | None):
	assert find_problem(shift) == problem


def test_intervals():
	day = [datetime(2027, 2, 22, hour) for hour in range(24)]
	assert merge([(day[3], day[5]), (day[1], day[2]), (day[2], day[3])]) == [(day[1], day[5])]
	assert subtract([(day[1], day[9])], [(day[0], day[2]), (day[4], day[5]), (day[8], day[10])]) == [
		(day[2], day[4]),
		(day[5], day[8]),
	]


# -- plans -----------------------------------------------------------------------------------------


@given(
	st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100),
	st.lists(st.integers(0, 5000).map(lambda n: Decimal(n) / 100), min_size=1, max_size=20),
)
def test_a_price_is_spread_without_a_cent_lost(price: Decimal, hours: list[Decimal]):
	shares = share_price(price, hours)
	assert sum(shares) == price
	assert len(shares) == len(hours)
	assert all(share >= 0 for share in shares)
	if sum(hours):
		assert all(
			abs(share - price * its / sum(hours)) <= Decimal("0.01")
			for share, its in zip(shares, hours, strict=True)
		)


@pytest.mark.parametrize(
	("hours", "minutes"), [("0", 0), ("0.01", 1), ("0.5", 30), ("0.51", 31), ("1.20", 72), ("0.35", 21)]
)
def test_norm_hours_in_minutes(hours: str, minutes: int):
	assert minutes_of(Decimal(hours)) == minutes


def test_what_an_offering_takes():
	lift, anyone = Need("Lift"), Need("Mechanic")
	assert needs_of_offering([], []) == [anyone]
	assert needs_of_offering([], ["Engine"]) == [Need("Mechanic", "Engine")]
	assert needs_of_offering([lift], []) == [lift]
	assert needs_of_offering([lift, anyone], ["Engine"]) == [lift, Need("Mechanic", "Engine")]
	assert needs_of_offering([Need("Mechanic", None, 2)], ["Engine"]) == [Need("Mechanic", "Engine", 2)]
	assert needs_of_offering([Need("Mechanic", "Engine")], ["Engine"]) == [Need("Mechanic", "Engine")]
	assert needs_of_offering([anyone], ["Engine", "Body"]) == [
		Need("Mechanic", "Body"),
		Need("Mechanic", "Engine"),
	]


def test_one_visit_takes_each_thing_once():
	lift = Need("Lift")
	assert join_needs([[lift, Need("Mechanic")], [lift]], 90) == [
		Need("Lift", None, 1, 90),
		Need("Mechanic", None, 1, 90),
	]
	assert join_needs([[Need("Mechanic")], [Need("Mechanic", "Tyres")]], 30) == [
		Need("Mechanic", "Tyres", 1, 30)
	]
	assert join_needs([[Need("Mechanic", None, 2)], [Need("Mechanic", "Tyres")]], 30) == [
		Need("Mechanic", None, 1, 30),
		Need("Mechanic", "Tyres", 1, 30),
	]
	assert join_needs([[lift, lift]], 30) == [Need("Lift", None, 2, 30)]
	assert join_needs([], 0) == []
