"""Who sees and changes which work orders: lists, forms, REST, files, the boards and every function of the desk."""

from __future__ import annotations

import json

import pytest
from factories import (
	make_agreed_order,
	make_contact,
	make_deal,
	make_service_booking,
	make_service_offering,
	make_service_resource,
	make_staff,
	make_vehicle,
	make_work_order,
)

import frappe

from auto_dealer.orders import api as orders_api
from auto_dealer.orders import boards, mechanic_api

DOCTYPE = "Service Work Order"


@pytest.fixture
def seller() -> str:
	return make_staff("orders-seller", "Dealer Sales Manager")


def names(doctype: str = DOCTYPE, **options) -> list[str]:
	return frappe.get_list(doctype, pluck="name", limit=0, **options)


@pytest.mark.requirement("R54", "R140", "R3")
def test_a_sales_manager_sees_the_orders_of_own_clients_only(seller, as_user):
	deal = make_deal(responsible=seller)
	own = make_work_order(contact=deal.contact)
	by_deal = make_work_order(deal=deal.name)
	foreign = make_agreed_order()
	with as_user(seller):
		assert set(names()) == {own.name, by_deal.name}
		assert frappe.has_permission(DOCTYPE, "read", doc=own.name)
		assert not frappe.has_permission(DOCTYPE, "write", doc=own.name)
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc(DOCTYPE, foreign.name).check_permission("read")
		assert names("Work Order Approval") == []
		rows = frappe.get_list(
			"Work Order Labour", parent_doctype=DOCTYPE, fields=["parent"], limit=0, pluck="parent"
		)
		assert foreign.name not in rows
		board = boards.get_board("managers")
		shown = {card["name"] for column in board["columns"] for card in column["cards"]}
		assert shown == {own.name, by_deal.name}
		assert not board["may_move"]


@pytest.mark.requirement("R113", "R212")
def test_the_garages_board_has_no_prices_and_for_a_mechanic_own_cars_only(as_user):
	mechanic = make_staff("board-mechanic", "Dealer Mechanic")
	mine = make_agreed_order(
		labour=[{"description": "Шланг", "hours": 1, "rate": 7654, "mechanic": mechanic}]
	)
	other = make_agreed_order()
	with as_user(mechanic):
		board = boards.get_board("garage")
		with pytest.raises(frappe.PermissionError):
			boards.get_board("managers")
	cards = [card for column in board["columns"] for card in column["cards"]]
	assert [card["name"] for card in cards] == [mine.name]
	sent = json.dumps(board, default=str, ensure_ascii=False)
	for secret in ("7654", "total", "outstanding", mine.client_name):
		assert secret not in sent, secret
	advisor = make_staff("board-advisor", "Dealer Service Advisor")
	with as_user(advisor):
		shown = {card["name"] for column in boards.get_board("garage")["columns"] for card in column["cards"]}
		assert {mine.name, other.name} <= shown


@pytest.mark.requirement("R211", "R212")
def test_the_managers_board_has_sums_and_search(as_user):
	order = make_agreed_order(vehicle=make_vehicle(licence_plate="А777ВС77").name)
	make_agreed_order()
	make_service_offering("Board Service", ["Mechanic"], group="Board Group")
	make_service_resource("Board Mechanic")
	booking = make_service_booking("Board Service")
	with as_user(make_staff("board-advisor", "Dealer Service Advisor")):
		board = boards.get_board("managers", "А777")
		asked_for = boards.get_board("managers")["columns"][0]
	assert booking.name in [card["name"] for card in asked_for["cards"]], "requests, before they are orders"
	stages = [column["stage"] for column in board["columns"]]
	assert stages[:2] == ["Booked", "New"]
	cards = [(column["stage"], card) for column in board["columns"] for card in column["cards"]]
	assert [(stage, card["name"], card["total"]) for stage, card in cards] == [("Agreed", order.name, 3000)]


CALLS = (
	("move", {"stage": "In Work"}),
	("issue", {}),
	("reserve", {}),
	("make_act", {}),
	("open_again", {"reason": "x"}),
	("answer_for_client", {"answers": {}, "client_name": "x", "shown_hash": "x"}),
	("take_deferred", {"works": []}),
	("take_back", {"row": "x"}),
	("add_services", {"offerings": []}),
	("get_client_link", {}),
)


@pytest.mark.requirement("R3", "R113")
@pytest.mark.parametrize(("function", "arguments"), CALLS)
def test_only_the_service_changes_orders(function, arguments, as_user, seller):
	order = make_agreed_order()
	users = [
		seller,
		make_staff("orders-head", "Dealer Sales Head"),
		make_staff("m", "Dealer Mechanic"),
		"Guest",
	]
	for user in users:
		with as_user(user), pytest.raises(frappe.PermissionError):
			getattr(orders_api, function)(order=order.name, **arguments)


@pytest.mark.requirement("R3")
def test_over_http_each_role_gets_what_it_may(api):
	order = make_agreed_order()
	cases = (
		("Dealer Service Advisor", 200, 200),
		("Dealer Parts Manager", 200, 200),
		("Dealer Administrator", 200, 200),
		("Dealer Sales Head", 200, 403),
		("Dealer Sales Manager", 403, 403),
		("Dealer Mechanic", 403, 403),
		("Dealer Photographer", 403, 403),
	)
	sessions = {role: api(make_staff(f"http-{role}", role)) for role, _read, _write in cases}
	for role, read, write in cases:
		path = f"/api/resource/{DOCTYPE}/{order.name}"
		assert sessions[role].get(path).status_code == read, role
		assert sessions[role].put(path, json={"notes": role}).status_code == write, role
		assert sessions[role].delete(path).status_code == 403, role
	advisor = sessions["Dealer Service Advisor"]
	answer = advisor.put(path, json={"stage": "Closed"})
	assert answer.status_code == 417
	answer = advisor.put(path, json={"paid_amount": 99999, "approved_total": 1})
	assert answer.status_code == 200
	stored = answer.json()["data"]
	assert (stored["paid_amount"], stored["approved_total"]) == (0, 3000)


@pytest.mark.requirement("R3")
def test_photos_of_an_order_are_for_those_who_read_it(api, seller):
	order = make_agreed_order()
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "order.txt",
			"attached_to_doctype": DOCTYPE,
			"attached_to_name": order.name,
			"content": "тайна",
			"is_private": 1,
		}
	).insert()
	assert api(seller).get(file.file_url).status_code == 403
	assert api(make_staff("orders-mechanic", "Dealer Mechanic")).get(file.file_url).status_code == 403
	assert api(make_staff("orders-advisor", "Dealer Service Advisor")).get(file.file_url).status_code == 200
	listed = api(seller).get("/api/resource/File", params={"filters": json.dumps([["name", "=", file.name]])})
	assert listed.json()["data"] == []


def test_orders_are_neither_deleted_nor_renamed(as_user):
	order = make_work_order()
	with as_user(make_staff("orders-admin", "Dealer Administrator")):
		with pytest.raises(frappe.PermissionError):
			frappe.delete_doc(DOCTYPE, order.name)
		with pytest.raises(frappe.ValidationError):
			frappe.rename_doc(DOCTYPE, order.name, "WO-1")


def test_a_mechanic_reads_own_times_only(as_user):
	first, second = (make_staff(f"time-{number}", "Dealer Mechanic") for number in (1, 2))
	order = make_agreed_order(labour=[{"description": "Шланг", "hours": 1, "rate": 1, "mechanic": first}])
	with as_user(first):
		start = {
			"key": "time-of-first-1",
			"kind": "start",
			"order": order.name,
			"row": order.labour[0].name,
			"at": 1.0,
		}
		mechanic_api.sync([start], 1.0)
		assert len(names("Mechanic Time")) == 1
	with as_user(second):
		assert names("Mechanic Time") == []


def test_a_contact_of_nobody_else(seller, as_user):
	make_contact("Чужой")
	with as_user(seller):
		assert names() == []
