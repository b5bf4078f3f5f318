"""/my for clients with an account: their own documents and nobody else's."""

from __future__ import annotations

import pytest
from factories import (
	free_phone,
	make_contact,
	make_service_booking,
	make_service_offering,
	make_service_resource,
	make_vehicle,
	make_work_order,
)
from site_fixtures import ensure_user

import frappe

from auto_dealer.portal.cabinet_view import find_client, get_cabinet


def make_client(name: str) -> dict:
	"""A website user with his card, customer, car, order and booking."""
	user = ensure_user("Customer", name=f"portal-{name}", user_type="Website User")
	contact = make_contact(name, phones=[free_phone()], user=user)
	customer = frappe.get_doc(
		{
			"doctype": "Customer",
			"customer_name": f"Customer {name}",
			"customer_group": frappe.db.get_value("Customer Group", {"is_group": 0}),
			"territory": frappe.db.get_value("Territory", {"is_group": 0}),
			"portal_users": [{"user": user}],
		}
	).insert()
	car = make_vehicle(frame_number=f"FRAME{name}"[:12].upper(), owner_contact=contact.name)
	order = make_work_order(contact=contact.name, vehicle=car.name, complaint=f"Complaint of {name}")
	booking = make_service_booking("Cabinet Service", contact=contact.name)
	return {
		"user": user,
		"contact": contact,
		"customer": customer,
		"car": car,
		"order": order,
		"booking": booking,
	}


@pytest.fixture
def clients(committed) -> list[dict]:
	make_service_resource("Cabinet Mechanic", capacity=5)
	make_service_offering("Cabinet Service", ["Mechanic"])
	return [make_client("Anna"), make_client("Boris")]


def test_a_client_sees_his_own_documents_only(api, clients):
	anna, boris = clients
	page = api(anna["user"]).get("/my")
	assert page.status_code == 200, page.text[-500:]
	for mine in (anna["order"].name, anna["car"].title):
		assert mine in page.text
	for foreign in (boris["order"].name, "FRAMEBORIS", boris["booking"].name):
		assert foreign not in page.text
	addresses = [part.split('"')[0] for part in page.text.split('href="')[1:]]
	order = next(address for address in addresses if "/my/" in address)
	booking = next(address for address in addresses if address.startswith("/booking/"))
	session = api(anna["user"])
	assert "Complaint of Anna" in session.get(order[order.index("/my/") :]).text
	assert session.get(booking).status_code == 200


def test_documents_of_others_are_refused(api, clients):
	anna, boris = clients
	session = api(anna["user"])
	for other in (boris, anna):
		for path in (
			f"/api/resource/Service Work Order/{other['order'].name}",
			f"/api/resource/Service Booking/{other['booking'].name}",
			f"/api/resource/Auto Vehicle/{other['car'].name}",
			f"/printview?doctype=Service Work Order&name={other['order'].name}",
		):
			assert session.get(path).status_code == 403, path
	for path in ("Service Work Order", "Service Booking", "Auto Vehicle", "Auto Deal", "Portal Link"):
		assert session.get(f"/api/resource/{path}").status_code == 403, path


def test_a_guest_is_asked_to_log_in(http):
	answer = http().get("/my", allow_redirects=False)
	assert (answer.status_code, answer.headers["Location"]) == (302, "/login?redirect-to=/my")


def test_who_has_a_card_or_a_customer_only_sees_no_more_for_it(clients):
	"""Most documents have no customer: nothing of theirs may pass for one's own."""
	anna, boris = clients
	stranger = make_work_order()
	assert not stranger.customer
	frappe.db.delete("Portal User", {"user": anna["user"]})
	frappe.db.set_value("Contact", boris["contact"].name, "user", None)
	assert [row["number"] for row in get_cabinet(anna["user"])["orders"]] == [anna["order"].name]
	assert len(get_cabinet(anna["user"])["cars"]) == len(get_cabinet(anna["user"])["bookings"]) == 1
	assert get_cabinet(boris["user"]) == {"cars": [], "bookings": [], "orders": [], "invoices": []}


def test_a_user_without_a_card_sees_nothing(clients):
	nobody = ensure_user("Customer", name="portal-nobody", user_type="Website User")
	assert get_cabinet(nobody) == {"cars": [], "bookings": [], "orders": [], "invoices": []}


def test_invoices_are_those_of_the_clients_customers(clients):
	anna, boris = clients
	fields = {"docstatus": 1, "grand_total": 1500, "outstanding_amount": 500, "currency": "RUB"}
	for number, client in enumerate(clients):
		frappe.get_doc(
			{
				"doctype": "Sales Invoice",
				"name": f"CABINET-{number}",
				"customer": client["customer"].name,
				"posting_date": "2026-11-20",
				**fields,
			}
		).db_insert()
	found = get_cabinet(anna["user"])["invoices"]
	assert [row["number"] for row in found] == ["CABINET-0"]
	assert "500" in found[0]["outstanding"]
	assert boris["customer"].name not in find_client(anna["user"]).customers
