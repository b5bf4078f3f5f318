"""The catalogue of services, norms and their prices on a site."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from factories import (
	make_contact,
	make_labour_norm,
	make_labour_operation,
	make_labour_rate,
	make_service_group,
	make_service_offering,
	make_vehicle,
)
from sql_counter import count_sql

import frappe

from auto_dealer.workshop.errors import NormClash, RateClash
from auto_dealer.workshop.norms import find_norm, find_norms
from auto_dealer.workshop.offering_plan import plan
from auto_dealer.workshop.rates import find_rate
from auto_dealer.workshop.rules.plan import Need

OPERATION = "Test Timing Belt"


@pytest.fixture
def operation() -> str:
	return make_labour_operation(OPERATION, default_hours=5)


@pytest.mark.requirement("R208")
def test_the_most_exact_norm_holds_and_is_explained(operation: str):
	anything = make_labour_norm(operation, 4, source="Own")
	toyota = make_labour_norm(operation, 3.5, make="Toyota")
	camry = make_labour_norm(
		operation, 3, model="Toyota Camry", year_from=2012, year_to=2017, source="TecRMI"
	)
	old, new = make_vehicle(year=2008), make_vehicle(year=2015)

	found = find_norm(operation, new.name)
	assert (found.hours, found.norm) == (Decimal("3.00"), camry.name)
	assert found.explanation == (
		"3.00 h: the norm for Toyota Camry, 2012–2017 (source: TecRMI), the most exact of 3 that fit."
	)
	assert find_norm(operation, old.name).norm == toyota.name
	assert find_norm(operation, {"make": "Kia"}).norm == anything.name
	assert find_norm(operation).norm == anything.name


def test_the_make_comes_from_the_model(operation: str):
	assert make_labour_norm(operation, 3, model="Toyota Camry", make="Kia").make == "Toyota"


def test_without_a_norm_the_operations_own_hours_hold(operation: str):
	make_labour_norm(operation, 3, make="Kia")
	found = find_norm(operation, {"make": "Toyota"})
	assert (found.hours, found.norm, found.is_known) == (Decimal("5.00"), None, True)
	assert "None of its 1 norms fits Toyota" in found.explanation
	unknown = find_norm(make_labour_operation("Test Unmeasured"))
	assert (unknown.hours, unknown.is_known) == (Decimal(0), False)


def test_norms_of_many_operations_take_three_sql(operation: str):
	names = [operation, *(make_labour_operation(f"Test Job {n}", default_hours=1) for n in range(30))]
	vehicle = make_vehicle()
	with count_sql() as sql:
		assert len(find_norms(names, vehicle.name)) == 31
	assert len(sql.all) <= 3


@pytest.mark.requirement("R209")
def test_a_norm_that_contradicts_another_is_refused(operation: str):
	make_labour_norm(operation, 3, model="Toyota Camry", year_from=2012, year_to=2017)
	with pytest.raises(NormClash, match=r"has a norm already that fits the same cars: 3.00 h"):
		make_labour_norm(operation, 4, model="Toyota Camry", year_from=2017, year_to=2020)
	make_labour_norm(operation, 4, model="Toyota Camry", year_from=2018, year_to=2020)
	make_labour_norm(operation, 4, model="Toyota Camry")
	with pytest.raises(NormClash):
		make_labour_norm(operation, 4, model="Toyota Camry")
	make_labour_norm(operation, 4, model="Toyota Camry", engine="2,5 VVTi")
	with pytest.raises(NormClash):
		make_labour_norm(operation, 4, model="Toyota Camry", engine="2.5 vvt-i")


def test_wrong_years_and_hours_are_refused(operation: str):
	for values in ({"year_from": 2020, "year_to": 2010}, {"year_from": 12}, {"hours": 0}, {"hours": -1}):
		with pytest.raises(frappe.ValidationError):
			make_labour_norm(operation, values.pop("hours", 1), **values)


def test_the_rate_of_group_client_kind_and_warranty():
	frappe.db.delete("Labour Rate")
	body = make_service_group("Test Body")
	make_labour_rate(2000)
	make_labour_rate(2200, valid_from="2025-01-01")
	make_labour_rate(1800, client_kind="Fleet")
	make_labour_rate(3000, group=body)
	make_labour_rate(1500, is_warranty=1)
	on = date(2024, 6, 1)
	assert find_rate(on_date=on) == 2000
	assert find_rate(on_date="2025-06-01") == 2200
	assert find_rate(on_date="2019-06-01") == 0
	assert find_rate(None, "Fleet", on_date=on) == 1800
	assert find_rate(body, "Fleet", on_date=on) == 3000
	assert find_rate(body, "Fleet", True, on) == 1500
	with pytest.raises(RateClash):
		make_labour_rate(2100)


@pytest.mark.requirement("R197")
def test_a_base_service_needs_no_works_and_norms_inside():
	make_service_offering("Test Wash", price=700, duration_minutes=30, buffer_minutes=10)
	with count_sql() as sql:
		found = plan(["Test Wash"])
	assert not any("Labour" in query for query in sql.all)
	assert (found.minutes, found.buffer_minutes, found.price) == (30, 10, Decimal(700))
	assert found.needs == [Need("Mechanic", None, 1, 30)]
	assert [(line.operation, line.title, line.amount) for line in found.labour] == [(None, "Test Wash", 700)]


@pytest.mark.requirement("R208", "R207")
def test_a_service_by_norms_takes_the_cars_time_and_the_clients_rate(operation: str):
	frappe.db.delete("Labour Rate")
	make_labour_rate(2000)
	make_labour_rate(1800, client_kind="Fleet")
	make_labour_norm(operation, 3.5, make="Toyota")
	contact = make_contact("Вольво Трак", dealer_client_kind="Fleet")
	make_service_offering(
		"Test Belt Service",
		price_kind="From Norms",
		duration_minutes=0,
		operations=[
			{"operation": operation, "qty": 1},
			{"operation": make_labour_operation("Test Wipe"), "qty": 1},
		],
		needs=["Mechanic", "Lift"],
	)
	found = plan(["Test Belt Service"], make_vehicle().name, contact.name)
	assert found.minutes == 210
	assert [(line.operation, line.hours, line.rate, line.amount) for line in found.labour] == [
		(operation, Decimal("3.50"), 1800, Decimal("6300.00")),
		("Test Wipe", Decimal(0), 1800, Decimal(0)),
	]
	assert found.price == Decimal(6300)
	assert found.needs == [Need("Lift", None, 1, 210), Need("Mechanic", None, 1, 210)]
	told = "\n".join(found.explanations)
	for text in ("the norm for Toyota", "The hours are not known", "Fleet"):
		assert text in told


def test_a_fixed_price_is_spread_over_the_works_to_a_cent():
	operations = [make_labour_operation(f"Test Third {n}", default_hours=1) for n in range(3)]
	make_service_offering(
		"Test Set",
		price=1000,
		duration_minutes=0,
		operations=[{"operation": o, "qty": 1} for o in operations],
	)
	found = plan(["Test Set"])
	assert [line.amount for line in found.labour] == [Decimal("333.33"), Decimal("333.34"), Decimal("333.33")]
	assert (found.price, found.minutes) == (Decimal(1000), 180)


def test_a_warranty_group_is_counted_by_the_warranty_rate(operation: str):
	frappe.db.delete("Labour Rate")
	make_labour_rate(2000)
	make_labour_rate(1500, is_warranty=1)
	group = make_service_group("Test Warranty", is_warranty=1)
	make_service_offering(
		"Test Claim",
		group=group,
		price_kind="From Norms",
		duration_minutes=0,
		operations=[{"operation": operation, "qty": 1}],
	)
	assert plan(["Test Claim"]).price == Decimal(7500)


def test_parts_come_with_the_price_list(operation: str):
	item = frappe.get_doc(
		{
			"doctype": "Item",
			"item_code": "TEST-BELT",
			"item_group": frappe.get_all("Item Group", pluck="name", limit=1)[0],
			"is_stock_item": 0,
		}
	).insert()
	price_list = frappe.db.get_single_value("Selling Settings", "selling_price_list")
	for rate, values in ((90, {"valid_from": "2020-01-01"}), (120, {"valid_from": "2024-01-01"})):
		frappe.get_doc(
			{
				"doctype": "Item Price",
				"item_code": item.name,
				"price_list": price_list,
				"price_list_rate": rate,
				**values,
			}
		).insert()
	make_service_offering("Test With Part", parts=[{"item": item.name, "qty": 2}])
	found = plan(["Test With Part"])
	assert [(part.item, part.qty, part.rate) for part in found.parts] == [("TEST-BELT", 2, 120)]
	assert (found.price, found.labour_amount, found.parts_amount) == (1240, 1000, 240)


@pytest.mark.requirement("R202", "R203")
def test_services_of_one_visit_share_what_they_take():
	make_service_offering("Test A", needs=["Mechanic", "Lift"], duration_minutes=60, buffer_minutes=15)
	make_service_offering(
		"Test B", needs=[("Mechanic", "Test Tyres"), ("Lift", None, 2)], duration_minutes=30
	)
	found = plan(["Test A", "Test B"])
	assert (found.minutes, found.buffer_minutes, found.price) == (90, 15, 2000)
	assert found.needs == [Need("Lift", None, 2, 90), Need("Mechanic", "Test Tyres", 1, 90)]


def test_what_cannot_be_sold_is_refused():
	for values in (
		{"price_kind": "From Norms"},
		{"is_bookable_online": 1, "duration_minutes": 0},
		{"parts": [{"item": "x", "qty": 0}]},
	):
		with pytest.raises(frappe.ValidationError):
			make_service_offering("Test Wrong", **values)
	with pytest.raises(frappe.DoesNotExistError):
		plan(["Test Nothing"])
