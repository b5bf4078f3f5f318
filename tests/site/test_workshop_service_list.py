"""The quick list of services, over HTTP as the desk asks it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from factories import (
	make_labour_norm,
	make_labour_operation,
	make_labour_rate,
	make_service_group,
	make_service_offering,
	make_staff,
	make_vehicle,
)
from sql_counter import count_sql

import frappe

from auto_dealer.workshop.service_list import get_list


@pytest.fixture
def services() -> None:
	for name in frappe.get_all("Service Offering", pluck="name"):
		frappe.db.set_value("Service Offering", name, "is_active", 0)
	make_service_group("Test Tyres", sort_order=1)
	make_service_group("Test Repair", sort_order=2)
	make_service_offering("Test Oil Change", group="Test Repair", is_popular=1, search_words="ТО масло")
	make_service_offering("Test Zero Swap", group="Test Tyres", search_words="переобувка шины")
	make_service_offering("Test Alignment", group="Test Repair", is_bookable_online=1)
	make_service_offering("Test Old", group="Test Repair", is_active=0)


def names(**filters) -> list[str]:
	return [service["name"] for service in get_list(**filters)["services"]]


@pytest.mark.requirement("R196")
def test_popular_services_stand_first_and_any_word_finds_them(services: None):
	assert names() == ["Test Oil Change", "Test Zero Swap", "Test Alignment"]
	assert names(search="масло") == ["Test Oil Change"]
	assert names(search="ПЕРЕОБУВКА zero") == ["Test Zero Swap"]
	assert names(search="repair") == ["Test Oil Change", "Test Alignment"]
	assert names(search="nothing of it") == []
	assert names(only_online=True) == ["Test Alignment"]


@pytest.mark.requirement("R198")
def test_services_are_split_by_group(services: None):
	found = get_list()
	assert [(group["name"], group["count"]) for group in found["groups"]] == [
		("Test Tyres", 1),
		("Test Repair", 2),
	]
	assert names(group="Test Tyres") == ["Test Zero Swap"]
	assert [group["count"] for group in get_list(group="Test Tyres")["groups"]] == [1, 2]
	frappe.db.set_value("Service Group", "Test Tyres", "is_enabled", 0)
	assert names() == ["Test Oil Change", "Test Alignment"]


def test_the_list_takes_few_sql_whatever_its_length(services: None):
	for n in range(50):
		make_service_offering(f"Test Service {n}", group="Test Repair")
	with count_sql() as sql:
		assert len(names()) == 53
	assert len(sql.all) <= 4


@pytest.mark.requirement("R196", "R208")
def test_who_sees_prices(api: Callable, services: None):
	frappe.db.delete("Labour Rate")
	make_labour_rate(2000)
	operation = make_labour_operation("Test Brakes", default_hours=1)
	make_labour_norm(operation, 0.8, make="Toyota")
	make_service_offering(
		"Test Brake Job",
		group="Test Repair",
		price_kind="From Norms",
		duration_minutes=0,
		operations=[{"operation": operation, "qty": 1}],
	)
	vehicle = make_vehicle().name
	for role in (
		"Dealer Service Advisor",
		"Dealer Sales Manager",
		"Dealer Parts Manager",
		"Dealer Administrator",
	):
		session = api(make_staff(f"list-{role}", role))
		answer = session.get(
			"/api/method/auto_dealer.workshop.api.get_service_list", params={"search": "brake"}
		)
		assert [service["is_fixed"] for service in answer.json()["message"]["services"]] == [0], role
		plan = session.get(
			"/api/method/auto_dealer.workshop.api.get_plan",
			params={"offerings": '["Test Brake Job"]', "vehicle": vehicle},
		).json()["message"]
		assert (plan["minutes"], plan["price"]) == (48, 1600.0), role
	for role in ("Dealer Mechanic", "Dealer Credit Specialist", "Dealer Photographer"):
		session = api(make_staff(f"list-{role}", role))
		for method in ("get_service_list", 'get_plan?offerings=["Test Brake Job"]'):
			assert session.get(f"/api/method/auto_dealer.workshop.api.{method}").status_code == 403, (
				role,
				method,
			)
		assert session.get("/api/resource/Service Offering").status_code == 403
		assert session.get("/api/resource/Labour Rate").status_code == 403


def test_strangers_get_nothing(http: Callable, services: None):
	session = http()
	for method in ("get_service_list", 'get_plan?offerings=["Test Oil Change"]', "get_norm?operation=x"):
		assert session.get(f"/api/method/auto_dealer.workshop.api.{method}").status_code == 403
	for doctype in ("Service Offering", "Service Resource", "Labour Norm", "Labour Rate"):
		assert session.get(f"/api/resource/{doctype}").status_code == 403


def test_a_car_that_one_may_not_see_is_not_priced(api: Callable, services: None):
	advisor = make_staff("list-advisor", "Dealer Service Advisor")
	frappe.get_doc(
		{"doctype": "User Permission", "user": advisor, "allow": "Vehicle Make", "for_value": "Kia"}
	).insert()
	vehicle = make_vehicle().name
	answer = api(advisor).get(
		"/api/method/auto_dealer.workshop.api.get_plan",
		params={"offerings": '["Test Oil Change"]', "vehicle": vehicle},
	)
	assert answer.status_code == 403
