"""The rules of appraisals: prices by tables of cases, stages, data by VIN, retries."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal as D

import pytest

from auto_dealer.appraisal.rules import valuation
from auto_dealer.appraisal.rules.retries import next_try
from auto_dealer.appraisal.rules.stages import (
	NOT_CHECKED,
	SEVERE_WITHOUT_PHOTO,
	inspection_problem,
	missing_fields,
	required_fields,
)
from auto_dealer.appraisal.rules.valuation import (
	Car,
	Comparable,
	Policy,
	adjust,
	median,
	round_down,
	value_car,
)
from auto_dealer.appraisal.rules.vin_merge import fill_empty, forget_other_car

# -- price -----------------------------------------------------------------------------------------

POLICY = Policy(
	target_margin=D(10),
	bargain=D(3),
	mileage_percent=D("1.5"),
	year_percent=D(5),
	fixed_costs=D(15_000),
	round_to=D(1_000),
)
CAR = Car(year=2020, mileage=60_000)

# Worked by hand: asking price, year, mileage → price of our car (2020, 60 000 km; −3 % bargain, 5 % a year, 1.5 % a 10 000 km).
ADJUSTED = (
	# The same car: only the bargain.
	(D(1_500_000), 2020, 60_000, D("1455000.00")),
	# A year older: ours is worth 5 % more. 1 400 000 × 0.97 × 1.05.
	(D(1_400_000), 2019, 60_000, D("1425900.00")),
	# A year younger: 1 600 000 × 0.97 × 0.95.
	(D(1_600_000), 2021, 60_000, D("1474400.00")),
	# 20 000 km less on it: ours is worth 3 % less. 1 500 000 × 0.97 × 0.97.
	(D(1_500_000), 2020, 40_000, D("1411350.00")),
	# 40 000 km more on it: 1 450 000 × 0.97 × 1.06.
	(D(1_450_000), 2020, 100_000, D("1490890.00")),
	# Both: 1 550 000 × 0.97 × 0.95 × 0.955.
	(D(1_550_000), 2021, 30_000, D("1364050.38")),
	# Not known: not adjusted.
	(D(1_500_000), None, None, D("1455000.00")),
	# Twenty years older: an adjustment goes to +50 %, not to +100 %.
	(D(300_000), 2000, 60_000, D("436500.00")),
)


@pytest.mark.parametrize(("price", "year", "mileage", "expected"), ADJUSTED)
def test_an_offer_is_brought_to_our_car(price, year, mileage, expected):
	assert adjust(CAR, Comparable("a", price, year, mileage), POLICY).price == expected


def test_a_car_of_unknown_age_adjusts_nothing():
	assert adjust(Car(), Comparable("a", D(100), 2010, 1), POLICY).price == D("97.00")


@pytest.mark.parametrize(
	("prices", "expected"),
	[
		([D(5)], D(5)),
		([D(1), D(9), D(5)], D(5)),
		([D(1), D(2), D(4), D(100)], D("3.00")),
		([D("0.01"), D("0.02")], D("0.02")),
	],
)
def test_median(prices, expected):
	assert median(prices) == expected


def test_the_buy_price_line_by_line():
	offers = [
		Comparable("1", D(1_500_000), 2020, 60_000),
		Comparable("2", D(1_400_000), 2019, 60_000),
		Comparable("3", D(1_600_000), 2021, 60_000),
		Comparable("4", D(9_000_000), 2020, 60_000, is_excluded=True),
		Comparable("5", D(0), 2020, 60_000),
	]
	found = value_car(CAR, offers, D(62_500), POLICY)
	assert [offer.key for offer in found.adjusted] == ["1", "2", "3"]
	assert found.market == D("1455000.00")
	# 1 455 000 − 145 500 − 62 500 − 15 000 = 1 232 000
	assert found.buy == D(1_232_000)
	assert [(line.kind, line.amount, line.percent) for line in found.lines] == [
		(valuation.MARKET, D("1455000.00"), None),
		(valuation.MARGIN, D("-145500.00"), D(10)),
		(valuation.PREPARATION, D("-62500.00"), None),
		(valuation.COSTS, D("-15000.00"), None),
		(valuation.BUY, D(1_232_000), None),
	]
	assert found.warnings == ()
	# The lines before the result always add up to it.
	assert sum(line.amount for line in found.lines[:-1]) == found.buy


def test_rounding_is_a_line_of_its_own_and_goes_down():
	found = value_car(CAR, [Comparable("1", D(1_499_999), 2020, 60_000)], D("0.50"), POLICY)
	kinds = {line.kind: line.amount for line in found.lines}
	assert found.buy % 1_000 == 0
	assert D(-1_000) < kinds[valuation.ROUNDING] < 0
	assert sum(line.amount for line in found.lines[:-1]) == found.buy
	assert found.warnings == (valuation.FEW_OFFERS,)


def test_a_car_not_worth_its_repair_costs_nothing_and_says_so():
	found = value_car(CAR, [Comparable(str(n), D(100_000)) for n in range(3)], D(500_000), POLICY)
	assert found.buy == 0
	assert found.warnings == (valuation.LOSS,)


def test_without_offers_there_is_no_price():
	found = value_car(CAR, [Comparable("1", D(5), is_excluded=True)], D(0), POLICY)
	assert (found.market, found.buy, found.lines) == (None, None, ())


@pytest.mark.parametrize(
	("amount", "step", "expected"),
	[
		(D("1999.99"), D(1000), D(1000)),
		(D(1000), D(1000), D(1000)),
		(D("5.555"), D(0), D("5.56")),
		(D(7), D(5), D(5)),
	],
)
def test_round_down(amount, step, expected):
	assert round_down(amount, step) == expected


# -- stages ----------------------------------------------------------------------------------------


def test_required_fields_grow_along_the_main_line():
	assert required_fields("New") == ()
	assert required_fields("Declined") == ("closing_reason",)
	agreed = required_fields("Agreed")
	assert agreed[:2] == ("appraiser", "make")
	assert {"vin", "comparables", "offered_price", "agreed_price"} <= set(agreed)


@pytest.mark.parametrize(
	("values", "missing"),
	[
		({"appraiser": "a", "make": "Toyota"}, ["vin", "model", "year", "mileage", "checks"]),
		(
			{
				"appraiser": "a",
				"make": "T",
				"model": "C",
				"year": 2020,
				"mileage": 5,
				"checks": [1],
				"frame_number": "GX100-1",
			},
			[],
		),
		(
			{
				"appraiser": "a",
				"make": "T",
				"model": "C",
				"year": 2020,
				"mileage": 5,
				"checks": [1],
				"vin": "X",
			},
			[],
		),
	],
)
def test_a_frame_number_stands_for_a_vin(values, missing):
	assert missing_fields("Market Research", values) == missing


@pytest.mark.parametrize(
	("stage", "results", "damages", "expected"),
	[
		("Inspection", ["", "Good"], [("Severe", False)], None),
		("Market Research", ["Good", ""], [], (NOT_CHECKED, 2)),
		(
			"Market Research",
			["Good", "Not Checked"],
			[("Minor", False), ("Severe", False)],
			(SEVERE_WITHOUT_PHOTO, 2),
		),
		("Agreed", ["Bad"], [("Severe", True)], None),
		("Declined", [""], [], None),
	],
)
def test_an_inspection_is_whole(stage, results, damages, expected):
	assert inspection_problem(stage, results, damages) == expected


# -- data by VIN -----------------------------------------------------------------------------------


def test_only_empty_fields_are_filled():
	present = {"make": None, "year": 0, "color": "Red", "power": 150, "engine": ""}
	found = {"make": "Toyota", "year": 2020, "color": "White", "power": 181, "engine": None, "unknown": 1}
	assert fill_empty(present, found) == {"make": "Toyota", "year": 2020}


def test_another_vin_takes_away_only_what_was_filled_in():
	filled = {"make": "Ford", "year": 2021, "body": "Pickup", "drive": "Full"}
	present = {"make": "Ford", "year": 2019, "body": "Pickup", "drive": None}
	assert forget_other_car(present, filled) == ["make", "body"]


@pytest.mark.parametrize(
	("failures", "wait", "expected"),
	[
		(1, 0, datetime(2026, 1, 1, 12, 1)),
		(2, 0, datetime(2026, 1, 1, 12, 5)),
		(1, 600, datetime(2026, 1, 1, 12, 10)),
		(4, 0, datetime(2026, 1, 1, 14, 0)),
		(5, 0, None),
		(0, 0, None),
	],
)
def test_pauses_between_tries(failures, wait, expected):
	assert next_try(failures, datetime(2026, 1, 1, 12, 0), wait) == expected
