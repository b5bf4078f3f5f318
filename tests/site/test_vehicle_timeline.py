"""One timeline by VIN: leads, deals, contracts, owners, mileage, the register, as far as the user may see them."""

from __future__ import annotations

import pytest
from factories import make_contact, make_contract, make_deal, make_department, make_staff, make_vehicle
from sql_counter import count_sql

import frappe
from frappe.utils import add_days, nowdate

from auto_dealer.documents.make_contract import make_contract as make_of_deal
from auto_dealer.pipelines.move_deal import move_deal
from auto_dealer.vehicles.api import get_timeline

VIN = "XTA210990Y5554443"


def kinds(events: list[dict]) -> list[str]:
	return [event["kind"] for event in events]


def history_of_a_car() -> frappe._dict:
	"""Bought from Пётр, contracted, sold to Анна by a colleague of another department."""
	east, west = make_department("East"), make_department("West")
	anna = make_staff("anna", "Dealer Sales Manager", department=east)
	boris = make_staff("boris", "Dealer Sales Manager", department=west)
	car = make_vehicle(vin=VIN, mileage=50_000).name
	buyout = make_deal(
		pipeline="Buyout",
		vehicle=car,
		amount=800_000,
		responsible=boris,
		department=west,
		client_name="Пётр Ильин",
	)
	move_deal(buyout.name, "Deal Done")
	contract = make_of_deal(buyout.name)[0]
	sale = make_deal(
		pipeline="Used Cars",
		vehicle=car,
		amount=990_000,
		responsible=anna,
		department=east,
		client_name="Анна Смирнова",
	)
	move_deal(sale.name, "Won")
	return frappe._dict(car=car, buyout=buyout, sale=sale, contract=contract, anna=anna, boris=boris)


@pytest.mark.requirement("R183", "R184")
def test_the_whole_history_of_a_sold_car_is_in_one_place():
	case = history_of_a_car()
	events = get_timeline(case.car)
	assert sorted(kinds(events)) == sorted(
		[
			"Card",
			"Mileage",
			"Owner",
			"Owner",
			"Register",
			"Register",
			"Deal",
			"Deal",
			"Deal",
			"Lead",
			"Contract",
		]
	)
	assert [event["when"] for event in events] == sorted((event["when"] for event in events), reverse=True)
	named = {(event["doctype"], event["name"]) for event in events if event["name"]}
	assert named >= {
		("Auto Deal", case.buyout.name),
		("Auto Deal", case.sale.name),
		("Auto Lead", case.sale.lead),
		("Dealer Contract", case.contract),
	}
	assert any("50000 km" in event["title"] for event in events)
	assert any("Анна Смирнова" in event["title"] for event in events if event["kind"] == "Owner")


@pytest.mark.requirement("R184")
def test_each_sees_only_what_is_theirs(api):
	case = history_of_a_car()
	method = "auto_dealer.vehicles.api.get_timeline"

	def seen(user: str) -> tuple[set, str]:
		answer = api(user).get(f"/api/method/{method}", params={"vehicle": case.car})
		events = answer.json()["message"]
		return {
			event["name"] for event in events if event["doctype"] in ("Auto Deal", "Dealer Contract")
		}, answer.text

	names, text = seen(case.anna)
	assert names == {case.sale.name}
	assert "Ильин" not in text
	assert "800000" not in text
	names, text = seen(case.boris)
	assert names == {case.buyout.name, case.contract}
	assert "Смирнова" not in text
	mechanic = make_staff("mechanic", "Dealer Mechanic")
	assert seen(mechanic)[0] == set()
	stranger = make_staff("stranger", "Sales User")
	assert api(stranger).get(f"/api/method/{method}", params={"vehicle": case.car}).status_code == 403


def test_other_domains_add_themselves(monkeypatch):
	car = make_vehicle(vin=VIN).name
	get_hooks = frappe.get_hooks

	def hooked(name=None, *args, **kwargs):
		found = get_hooks(name, *args, **kwargs)
		return [*found, f"{__name__}.washed"] if name == "dealer_vehicle_timeline" else found

	monkeypatch.setattr(frappe, "get_hooks", hooked)
	monkeypatch.setattr(
		frappe, "get_attr", lambda path, real=frappe.get_attr: washed if "washed" in path else real(path)
	)
	events = get_timeline(car)
	assert kinds(events) == ["Card", "Wash"]


def washed(vehicle: str) -> list[dict]:
	return [{"when": add_days(nowdate(), -1), "kind": "Wash", "title": f"Washed {vehicle}"}]


def test_the_number_of_queries_does_not_grow_with_the_history():
	car = make_vehicle(vin=VIN, owner_contact=make_contact().name).name
	make_deal(pipeline="Buyout", vehicle=car)
	make_contract(vehicle=car)
	get_timeline(car)
	with count_sql() as small:
		get_timeline(car)
	for _number in range(5):
		make_deal(pipeline="Buyout", vehicle=car)
		make_contract(vehicle=car)
	with count_sql() as large:
		assert len(get_timeline(car)) > 10
	assert len(large.all) <= len(small.all), large
