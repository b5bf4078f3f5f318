"""The rules of retention: when a car is due, who is invited, texts, birthdays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from auto_dealer.retention.rules.forecast import (
	Interval,
	Reading,
	Service,
	add_months,
	daily_rate,
	find_interval,
	forecast,
	last_service,
	since_last_fall,
)
from auto_dealer.retention.rules.invite import (
	BOOKED,
	INVITED,
	NO_DATA,
	STOPPED,
	WAITING,
	CarState,
	cycle_key,
	is_birthday,
	is_due,
	status_of,
)
from auto_dealer.retention.rules.texts import INVITATION, fill_places, unknown_places

DAY = date(2026, 1, 10)
YEAR_15 = Interval(12, 15_000)


def reading(days: int, kilometres: int) -> Reading:
	return Reading(DAY + timedelta(days=days), kilometres)


# -- forecast --------------------------------------------------------------------------------------

# (last maintenance, interval, readings, usual rate) → (due on, by what, odometer, rate, own rate)
CASES = (
	# By months: at 40 km a day 15 000 km last 375 days.
	((Service(DAY, 30_000), YEAR_15, [], 40), (date(2027, 1, 10), "Months", 45_000, 40, False)),
	# By mileage: at 100 km a day 15 000 km last 150 days.
	((Service(DAY, 30_000), YEAR_15, [], 100), (DAY + timedelta(150), "Mileage", 45_000, 100, False)),
	# The car's own rate: 6 000 km in 60 days, 9 000 km are left from the newest reading.
	(
		(Service(DAY, 30_000), YEAR_15, [reading(0, 30_000), reading(60, 36_000)], 40),
		(DAY + timedelta(60 + 90), "Mileage", 45_000, 100, True),
	),
	# Two readings that lie too near: the usual rate, from the newest reading.
	(
		(Service(DAY, 30_000), YEAR_15, [reading(0, 30_000), reading(10, 33_000)], 100),
		(DAY + timedelta(10 + 120), "Mileage", 45_000, 100, False),
	),
	# The odometer at the maintenance is not known: reckoned back, 36 000 − 60 × 100.
	(
		(Service(DAY), YEAR_15, [reading(-30, 27_000), reading(60, 36_000)], 40),
		(DAY + timedelta(60 + 90), "Mileage", 45_000, 100, True),
	),
	# Nor any reading: from the day of the maintenance.
	((Service(DAY), YEAR_15, [], 100), (DAY + timedelta(150), "Mileage", 15_000, 100, False)),
	# Overdue by the odometer: the day of the reading that showed it.
	(
		(Service(DAY, 30_000), YEAR_15, [reading(0, 30_000), reading(100, 50_000)], 40),
		(DAY + timedelta(100), "Mileage", 45_000, 200, True),
	),
	# An interval of one kind only.
	(
		(Service(DAY, 30_000), Interval(None, 10_000), [], 50),
		(DAY + timedelta(200), "Mileage", 40_000, 50, False),
	),
	((Service(DAY, 30_000), Interval(6, None), [], 500), (date(2026, 7, 10), "Months", None, 500, False)),
	# A car that stands: by months, and the other date is not absurd.
	(
		(Service(DAY, 30_000), YEAR_15, [reading(0, 30_000), reading(90, 30_010)], 40),
		(date(2027, 1, 10), "Months", 45_000, 1, True),
	),
	# The newest reading is older than the maintenance: from the maintenance.
	(
		(Service(DAY, 30_000), YEAR_15, [reading(-90, 12_000), reading(-30, 18_000)], 40),
		(DAY + timedelta(150), "Mileage", 45_000, 100, True),
	),
)


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_forecast(given, expected):
	found = forecast(*given)
	assert (found.due_on, found.due_by, found.due_kilometres, found.rate, found.is_own_rate) == expected


def test_nothing_is_forecast_without_a_maintenance_or_an_interval():
	assert forecast(None, YEAR_15, [], 40) is None
	assert forecast(Service(DAY), Interval(), [], 40) is None
	assert forecast(Service(DAY), Interval(None, 10_000), [], 0) is None


@pytest.mark.parametrize(
	("day", "months", "expected"),
	[
		(date(2026, 1, 31), 1, date(2026, 2, 28)),
		(date(2024, 2, 29), 12, date(2025, 2, 28)),
		(date(2026, 11, 15), 3, date(2027, 2, 15)),
		(date(2026, 12, 31), 12, date(2027, 12, 31)),
	],
)
def test_add_months(day, months, expected):
	assert add_months(day, months) == expected


def test_a_replaced_odometer_starts_anew():
	readings = [reading(0, 90_000), reading(40, 95_000), reading(50, 10), reading(90, 4_010)]
	assert since_last_fall(readings) == readings[2:]
	assert daily_rate(readings[2:]) == 100


def test_only_the_last_two_years_make_the_rate():
	# Ten years of 100 km a day, then two of 10.
	readings = [reading(-4000, 0), reading(-730, 327_000), reading(0, 334_300)]
	assert daily_rate(readings) == 10


def test_the_last_maintenance_prefers_a_known_mileage():
	services = [Service(DAY, None, "D-1"), Service(DAY, 30_000, "WO-1"), Service(DAY - timedelta(1), 29_000)]
	assert last_service(services).source == "WO-1"
	assert last_service([]) is None


@pytest.mark.parametrize(
	("make", "model", "expected"),
	[
		("Toyota", "Toyota Camry", (6, 10_000)),
		("Toyota", "Toyota RAV4", (12, 10_000)),
		("Lada", "Lada Vesta", (12, 15_000)),
		(None, None, (12, 15_000)),
		("Kia", None, (None, 7_000)),
	],
)
def test_the_interval_of_the_model_beats_that_of_the_make(make, model, expected):
	rows = [
		("Toyota", None, 12, 10_000),
		("Toyota", "Toyota Camry", 6, 10_000),
		("Kia", None, 0, 7_000),
	]
	found = find_interval(make, model, rows, YEAR_15)
	assert (found.months, found.kilometres) == expected


# -- who is invited --------------------------------------------------------------------------------

DUE = date(2026, 6, 1)


@pytest.mark.parametrize(
	("state", "expected"),
	[
		(CarState("Client", True, due_on=DUE), WAITING),
		(CarState("Sold", True, due_on=DUE), WAITING),
		(CarState("Client", True), NO_DATA),
		(CarState("Client", False, due_on=DUE), STOPPED),
		(CarState("Own Stock", True, due_on=DUE), STOPPED),
		(CarState("Commission", True, due_on=DUE), STOPPED),
		(CarState("Client", True, is_stopped=True, has_booking=True, due_on=DUE), STOPPED),
		(CarState("Client", True, has_booking=True, has_open_deal=True, due_on=DUE), BOOKED),
		(CarState("Client", True, has_open_deal=True, due_on=DUE), INVITED),
	],
)
def test_status(state, expected):
	assert status_of(state) == expected


@pytest.mark.parametrize(
	("status", "due_on", "today", "expected"),
	[
		(WAITING, DUE, date(2026, 5, 17), False),
		(WAITING, DUE, date(2026, 5, 18), True),
		(WAITING, DUE, DUE, True),
		(WAITING, DUE, date(2027, 6, 1), True),
		(WAITING, DUE, date(2027, 6, 2), False),
		(WAITING, None, DUE, False),
		(INVITED, DUE, DUE, False),
		(BOOKED, DUE, DUE, False),
		(STOPPED, DUE, DUE, False),
	],
)
def test_due(status, due_on, today, expected):
	assert is_due(status, due_on, today, 14, 365) is expected


def test_without_a_limit_long_overdue_cars_are_due():
	assert is_due(WAITING, DUE, date(2036, 6, 2), 14, 0)


def test_each_maintenance_of_a_car_has_its_key():
	assert cycle_key("v1", DAY) != cycle_key("v1", DAY + timedelta(1)) != cycle_key("v2", DAY)


@pytest.mark.parametrize(
	("birth", "today", "expected"),
	[
		(date(1980, 5, 5), date(2026, 5, 5), True),
		(date(1980, 5, 5), date(2026, 5, 6), False),
		(date(1984, 2, 29), date(2026, 2, 28), True),
		(date(1984, 2, 29), date(2028, 2, 28), False),
		(date(1984, 2, 29), date(2028, 2, 29), True),
		(date(1984, 2, 29), date(2100, 2, 28), True),
	],
)
def test_birthdays(birth, today, expected):
	assert is_birthday(birth, today) is expected


# -- texts -----------------------------------------------------------------------------------------


def test_places_are_filled_and_nothing_else():
	text = "{client}, {car} {unknown} {{ 7*7 }} {mileage}"
	assert fill_places(text, {"client": "Иван {car}", "car": "Camry", "mileage": None}) == (
		"Иван {car}, Camry {unknown} {{ 7*7 }}"
	)


def test_unknown_places_are_named():
	assert unknown_places("{client} {foo} {link} {bar}", INVITATION) == ["{bar}", "{foo}"]
