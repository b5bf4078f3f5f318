"""The plan of the demo dealer: amounts, dates, cars and clients fit together. Pure."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

faker = pytest.importorskip("faker")

from auto_dealer.demo.plan import CHANNELS, DEALS, LEADS, NEEDS_CAR, OPEN_STAGES, make_plan  # noqa: E402
from auto_dealer.vehicles.rules.plate import fold_plate, is_russian  # noqa: E402
from auto_dealer.vehicles.rules.vin import check_vin  # noqa: E402

NOW = datetime(2026, 11, 21, 15, 30)


@pytest.fixture(scope="module")
def plan():
	return make_plan(faker.Faker("ru_RU"), NOW)


def deals_of(plan):
	return [e for e in plan.enquiries if e.steps]


def test_amounts(plan):
	assert (len(plan.clients), len(plan.cars)) == (200, 120)
	assert (
		len(deals_of(plan)) == sum(opened + won + lost for opened, won, lost, _leads in DEALS.values()) == 300
	)
	assert sum(1 for e in plan.enquiries if e.has_lead) == 400
	assert Counter(e.status for e in plan.enquiries if not e.steps) == Counter(LEADS)
	assert {e.channel for e in plan.enquiries} == set(CHANNELS)


def test_the_same_day_gives_the_same_dealer(plan):
	again = make_plan(faker.Faker("ru_RU"), NOW)
	assert [(e.at, e.client, e.status, e.amount) for e in again.enquiries] == [
		(e.at, e.client, e.status, e.amount) for e in plan.enquiries
	]
	assert [car.vin for car in again.cars] == [car.vin for car in plan.cars]


def test_vins_and_plates_are_well_formed_and_different(plan):
	assert len({car.vin for car in plan.cars}) == 120
	for car in plan.cars:
		check = check_vin(car.vin)
		assert check.error is None, car
		assert not (car.vin.startswith("L") and check.warning), "Chinese VINs carry a check digit"
		assert car.plate is None or is_russian(fold_plate(car.plate))


def test_phones_are_different(plan):
	phones = [phone for client in plan.clients for phone in client.phones]
	assert len(phones) == len(set(phones)) >= 200


def test_times_rise_within_the_last_twelve_months(plan):
	for enquiry in plan.enquiries:
		assert NOW - timedelta(days=400) < enquiry.at <= NOW
		times = [enquiry.at, *(step.at for step in enquiry.steps)]
		assert times == sorted(times)
		assert times[-1] <= NOW
	months = Counter((NOW - e.at).days // 30 for e in deals_of(plan))
	assert all(months[month] >= 3 for month in range(12)), months


def test_stages_follow_the_pipeline_and_every_stage_is_inhabited(plan):
	for deal in deals_of(plan):
		order = OPEN_STAGES[deal.pipeline]
		places = [order.index(step.stage) for step in deal.steps if step.stage in order]
		assert places == sorted(set(places))
		assert deal.steps[0].stage == order[0]
	for pipeline in ("New Cars", "Used Cars"):
		now_at = {d.steps[-1].stage for d in deals_of(plan) if d.pipeline == pipeline and not d.result}
		assert len(now_at) >= 7


def test_cars_and_clients_fit_the_deals(plan):
	for deal in deals_of(plan):
		assert deal.client is not None
		if NEEDS_CAR & {step.stage for step in deal.steps} and "Cars" in deal.pipeline:
			assert deal.car
			assert deal.amount
		if deal.pipeline in ("Buyout", "Commission"):
			assert deal.car
			assert deal.car.owner == deal.client
	open_of = Counter(d.client for d in deals_of(plan) if not d.result)
	assert set(open_of.values()) == {1}, "nobody has two open deals"
	won = [id(d.car) for d in deals_of(plan) if d.result == "Won" and "Cars" in d.pipeline]
	assert len(won) == len(set(won)), "a car is sold once"
