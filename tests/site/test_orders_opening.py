"""Orders from bookings and deals, their works by the norms, and what is seen of them later."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from factories import (
	make_agreed_order,
	make_deal,
	make_labour_norm,
	make_labour_operation,
	make_labour_rate,
	make_service_booking,
	make_service_offering,
	make_service_resource,
	make_staff,
	make_stock_item,
	make_vehicle,
	make_work_order,
)

import frappe

from auto_dealer.clients.client_card import get_card
from auto_dealer.orders import api as orders_api
from auto_dealer.orders import mechanic_api, open_order
from auto_dealer.orders.open_order import NothingToOpen
from auto_dealer.vehicles.timeline import get_timeline

DOCTYPE = "Service Work Order"


def make_visit(**values):
	"""A booking of a service with one work by the norms and one part, at a mechanic who is a user."""
	mechanic = make_staff("booked-mechanic", "Dealer Mechanic")
	make_service_resource("Booked Mechanic", user=mechanic)
	operation = make_labour_operation("Brake pads")
	make_labour_norm(operation, 1.2, model="Toyota Camry")
	make_labour_rate(2000)
	item = make_stock_item(price=1000)
	make_service_offering(
		"Brakes",
		["Mechanic"],
		price_kind="From Norms",
		price=0,
		duration_minutes=0,
		operations=[{"operation": operation, "qty": 1}],
		parts=[{"item": item, "qty": 2}],
	)
	car = make_vehicle(vin="XW7BF4FK30S444555").name
	return mechanic, make_service_booking("Brakes", vehicle=car, resources=["Booked Mechanic"], **values)


@pytest.mark.requirement("R208")
def test_a_booking_becomes_an_order_with_its_works_and_mechanic():
	mechanic, booking = make_visit(comment="Скрипят тормоза")
	name = open_order.from_booking(booking.name)
	order = frappe.get_doc(DOCTYPE, name)
	assert (order.source, order.booking, order.contact, order.vin) == (
		"Booking",
		booking.name,
		booking.contact,
		"XW7BF4FK30S444555",
	)
	assert order.complaint == "Скрипят тормоза"
	work = order.labour[0]
	assert (work.operation, work.hours, work.rate, work.amount) == ("Brake pads", 1.2, 2000, 2400)
	assert "Camry" in work.hours_explanation
	assert work.mechanic == mechanic
	assert [(part.item, part.qty, part.rate) for part in order.parts] == [("Test Brake Pad", 2, 1000)]
	assert [row.offering for row in order.offerings] == ["Brakes"]
	assert order.total == 4400
	assert frappe.db.get_value("Service Booking", booking.name, "status") == "Arrived"
	assert open_order.from_booking(booking.name) == name


def test_the_booking_goes_on_with_its_order():
	mechanic, booking = make_visit()
	order = frappe.get_doc(DOCTYPE, open_order.from_booking(booking.name))
	order.update({"mileage": 1000, "parts": [], "stage": "Estimate"})
	order.save()
	asked = orders_api.get_open_lines(order.name)
	answers = {line["id"]: True for line in asked["lines"]}
	orders_api.answer_for_client(order.name, answers, "Клиент", asked["hash"])
	frappe.set_user(mechanic)
	row = order.labour[0].name
	for kind, status in (("start", "In Work"), ("finish", "In Work")):
		event = {"key": f"booking-{kind}", "kind": kind, "order": order.name, "row": row, "at": 1.0}
		assert mechanic_api.sync([event], 1.0)["results"][0]["status"] == "done"
		assert frappe.db.get_value("Service Booking", booking.name, "status") == status
	frappe.set_user("Administrator")
	for values in ({"stage": "Ready"}, {"stage": "Handed Over", "pay_later": 1, "pay_later_reason": "x"}):
		order.reload().update(values)
		order.save()
	assert frappe.db.get_value("Service Booking", booking.name, "status") == "Done"


def test_a_cancelled_booking_has_no_order():
	_mechanic, booking = make_visit()
	booking.reload().status = "Cancelled"
	booking.save()
	with pytest.raises(NothingToOpen):
		open_order.from_booking(booking.name)


def test_parallel_clicks_open_one_order(api):
	_mechanic, booking = make_visit()
	sessions = [api(make_staff(f"open-{number}", "Dealer Service Advisor")) for number in range(6)]
	with ThreadPoolExecutor(6) as pool:
		answers = list(
			pool.map(
				lambda session: session.call(
					"auto_dealer.orders.api.open_from_booking", booking=booking.name
				),
				sessions,
			)
		)
	assert {answer.status_code for answer in answers} == {200}, [answer.text[-300:] for answer in answers]
	assert len({answer.json()["message"] for answer in answers}) == 1
	frappe.db.rollback()
	assert frappe.db.count(DOCTYPE, {"booking": booking.name}) == 1


def test_a_deal_has_one_open_order():
	deal = make_deal(vehicle=make_vehicle(vin="XW7BF4FK30S444666").name)
	name = open_order.from_deal(deal.name)
	assert open_order.from_deal(deal.name) == name
	order = frappe.get_doc(DOCTYPE, name)
	assert (order.source, order.contact, order.vehicle) == ("Deal", deal.contact, deal.vehicle)


@pytest.mark.requirement("R208")
def test_a_work_gets_its_hours_by_the_norm_for_the_car_and_its_price():
	operation = make_labour_operation("Clutch")
	make_labour_norm(operation, 3)
	make_labour_norm(operation, 4.5, model="Toyota Camry")
	make_labour_rate(1000)
	order = make_work_order(labour=[{"operation": operation}])
	work = order.labour[0]
	assert (work.hours, work.rate, work.amount, work.description) == (4.5, 1000, 4500, "Clutch")
	assert "Camry" in work.hours_explanation


@pytest.mark.requirement("R54", "R140")
def test_the_deal_shows_the_service_history_of_the_clients_cars(as_user):
	seller = make_staff("history-seller", "Dealer Sales Manager")
	car = make_vehicle(vin="XW7BF4FK30S444777").name
	deal = make_deal(responsible=seller, vehicle=car)
	order = make_agreed_order(contact=deal.contact, vehicle=car)
	make_agreed_order()
	_mechanic, booking = make_visit(contact=deal.contact)
	with as_user(seller):
		card = get_card(contact=deal.contact)
	assert [(row["name"], row["works"], row["total"]) for row in card["work_orders"]] == [
		(order.name, ["Замена колодок"], 3000)
	]
	assert booking.name in [row["name"] for row in card["bookings"]]


@pytest.mark.requirement("R140", "R213")
def test_the_cars_timeline_tells_orders_and_bookings_by_vin(as_user):
	_mechanic, booking = make_visit()
	open_order.from_booking(booking.name)
	kinds = {(event["doctype"], event["title"]) for event in get_timeline(booking.vehicle)}
	assert ("Service Booking", "Brakes") in kinds
	assert any(doctype == DOCTYPE and "Brake pads" in title for doctype, title in kinds)
	stranger = make_staff("history-photographer", "Dealer Photographer")
	with as_user(stranger):
		assert not {event["doctype"] for event in get_timeline(booking.vehicle)} & {
			DOCTYPE,
			"Service Booking",
			"Deferred Work",
		}


def test_robots_see_orders():
	from factories import make_robot

	make_robot(document_type=DOCTYPE, pipeline=None, stage="Agreed", subject="Согласован {{ doc.name }}")
	order = make_agreed_order()
	assert frappe.db.count("Robot Task", {"reference_doctype": DOCTYPE, "reference_name": order.name}) == 1
