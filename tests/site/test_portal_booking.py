"""/book and /booking/<token> over HTTP as a guest: the whole way, refusals, limits, what a stranger does not learn."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from factories import (
	free_phone,
	make_service_booking,
	make_service_offering,
	make_service_resource,
	make_vehicle,
)

import frappe

from auto_dealer.booking.links import link_for, revoke, token_for
from auto_dealer.portal.booking_api import MOST_BOOKINGS, MOST_CHANGES
from auto_dealer.portal.take_booking import MOST_AHEAD

API = "auto_dealer.portal.booking_api."


@pytest.fixture
def guest(http):
	"""A guest of an address of his own, so that tests do not share a limit."""
	session = http()
	session.headers["X-Forwarded-For"] = ".".join(str(secrets.randbelow(250) + 1) for _part in range(4))
	session.headers["Accept-Language"] = "en"
	return session


@pytest.fixture
def service(committed):
	"""One mechanic, one service that clients book, one that they do not, and a test drive."""
	make_service_resource("Portal Mechanic", skills=["Portal Skill"])
	make_service_offering("Portal Service", [("Mechanic", "Portal Skill")], is_bookable_online=1)
	make_service_offering("Portal Secret Service", [("Mechanic", "Portal Skill")], is_bookable_online=0)
	make_service_resource("Portal Test Car", resource_kind="Test-Drive Car")
	make_service_offering("Portal Test Drive", ["Test-Drive Car"], is_bookable_online=1, price=0)
	make_service_resource("Portal Desk", resource_kind="Salesperson Desk")
	make_service_offering("Portal Contract", ["Salesperson Desk"], is_bookable_online=1, price=0)
	frappe.db.set_single_value("Booking Settings", "lead_minutes", 0)
	frappe.db.set_single_value("Booking Settings", "change_hours", 2)
	frappe.db.commit()
	frappe.clear_document_cache("Booking Settings", "Booking Settings")
	return "Portal Service"


def said(answer) -> dict:
	return answer.json()["message"]


def free_times(guest, *offerings: str, **values) -> list[str]:
	answer = guest.call(f"{API}get_free_times", offerings=list(offerings), **values)
	assert answer.status_code == 200, answer.text[-500:]
	return [time["start"] for day in said(answer)["days"] for time in day["times"]]


def form(start: str, *offerings: str, **values) -> dict:
	return {
		"offerings": list(offerings or ("Portal Service",)),
		"start": start,
		"client_name": "Ирина Ветрова",
		"phone": free_phone(),
		"make": "Kia",
		"plate_or_vin": "А123ВС777",
		"consent": 1,
		"request_key": secrets.token_urlsafe(32),
		**values,
	}


def bookings(**filters) -> list:
	frappe.db.rollback()
	fields = [
		"name",
		"status",
		"source",
		"start",
		"client_name",
		"phone",
		"make",
		"licence_plate",
		"vehicle_title",
	]
	return frappe.get_all("Service Booking", filters, fields, order_by="creation")


# -- booking ---------------------------------------------------------------------------------------


@pytest.mark.requirement("R201", "R205")
def test_a_client_books_a_service(guest, service):
	page = guest.get("/book")
	assert page.status_code == 200
	assert "Portal Service" in page.text
	assert "Portal Secret Service" not in page.text
	start = free_times(guest, service)[5]
	values = form(start)
	answer = guest.call(f"{API}book_visit", **values)
	assert answer.status_code == 200, answer.text[-800:]
	(booking,) = bookings()
	assert (booking.source, str(booking.start)) == ("Portal", start)
	assert (booking.client_name, booking.make, booking.licence_plate) == ("Ирина Ветрова", "Kia", "А123ВС777")
	assert start not in free_times(guest, service)
	page = guest.get(said(answer)["page"])
	assert page.status_code == 200
	for text in (booking.name, "Portal Service", start[11:16], "Ирина Ветрова"):
		assert text in page.text


@pytest.mark.requirement("R199", "R200", "R205")
@pytest.mark.parametrize(
	("offering", "resource"), [("Portal Test Drive", "Portal Test Car"), ("Portal Contract", "Portal Desk")]
)
def test_a_test_drive_and_a_contract_are_booked_without_a_car(guest, service, offering, resource):
	start = free_times(guest, offering)[0]
	answer = guest.call(f"{API}book_visit", **form(start, offering, make="", plate_or_vin=""))
	assert answer.status_code == 200, answer.text[-500:]
	(booking,) = bookings()
	resources = frappe.get_all("Service Booking Resource", {"parent": booking.name}, pluck="resource")
	assert resources == [resource]


@pytest.mark.requirement("R205")
def test_a_taken_time_is_told_with_the_next_free_ones(guest, service):
	start = free_times(guest, service)[0]
	assert guest.call(f"{API}book_visit", **form(start)).status_code == 200
	answer = guest.call(f"{API}book_visit", **form(start))
	assert answer.status_code == 409
	body = said(answer)
	assert body["error"] == "taken"
	assert len(body["next_slots"]) == 3
	assert all(slot["start"] > start for slot in body["next_slots"])
	assert "Portal Mechanic" not in answer.text, "who is taken is not a stranger's business"
	assert len(bookings()) == 1
	assert not frappe.db.exists("Contact", {"first_name": "Ирина Ветрова", "name": ("!=", _contact())})


def _contact() -> str:
	return frappe.db.get_value("Service Booking", {}, "contact")


@pytest.mark.requirement("R204", "R205")
def test_twelve_clients_race_for_one_time(guest, service):
	start = free_times(guest, service)[0]
	forms = [form(start) for _client in range(12)]
	with ThreadPoolExecutor(12) as pool:
		answers = list(pool.map(lambda values: guest.call(f"{API}book_visit", **values), forms))
	codes = sorted(answer.status_code for answer in answers)
	assert codes == [200] + [409] * 11, [a.text[-300:] for a in answers if a.status_code not in (200, 409)]
	assert len(bookings()) == 1


def test_one_click_twice_is_one_booking(guest, service):
	values = form(free_times(guest, service)[0])
	with ThreadPoolExecutor(4) as pool:
		answers = list(pool.map(lambda _n: guest.call(f"{API}book_visit", **values), range(4)))
	assert [answer.status_code for answer in answers] == [200] * 4, [a.text[-300:] for a in answers]
	assert len({said(answer)["page"] for answer in answers}) == 1
	assert len(bookings()) == 1


def test_a_key_that_can_be_guessed_opens_nobodys_booking(guest, service):
	first, second = free_times(guest, service)[0:6:5]
	one = guest.call(f"{API}book_visit", **form(first, request_key="1"))
	two = guest.call(f"{API}book_visit", **form(second, request_key="1"))
	assert said(one)["page"] != said(two)["page"]
	assert len(bookings()) == 2


# -- what is refused -------------------------------------------------------------------------------


def test_errors_stand_beside_their_fields(guest, service):
	answer = guest.call(f"{API}book_visit", offerings=[service], phone="абв", email="no")
	assert answer.status_code == 422
	assert set(said(answer)["errors"]) == {"client_name", "phone", "email", "make", "start", "consent"}
	answer = guest.call(f"{API}book_visit", **form("tomorrow"))
	assert set(said(answer)["errors"]) == {"start"}
	assert bookings() == []


def test_only_what_is_offered_is_booked(guest, service):
	start = free_times(guest, service)[0]
	for offering in ("Portal Secret Service", "No Such Service"):
		answer = guest.call(f"{API}book_visit", **form(start, offering, service))
		assert (answer.status_code, said(answer)["error"]) == (409, "closed"), offering
		answer = guest.call(f"{API}get_free_times", offerings=[offering])
		assert (answer.status_code, said(answer)["error"]) == (422, "closed")
	for wrong in (
		"2020-01-06 10:00:00",
		"2099-01-06 10:00:00",
		f"{start[:11]}03:00:00",
		f"{start[:14]}07:00",
	):
		assert guest.call(f"{API}book_visit", **form(wrong)).status_code == 409, wrong
	for wrong in ("9999-99-99 99:99:99", "2026-13-01 10:00:00"):
		assert guest.call(f"{API}book_visit", **form(wrong)).status_code == 422, wrong
	assert bookings() == []


def test_the_trap_catches_machines(guest, service):
	answer = guest.call(f"{API}book_visit", **form(free_times(guest, service)[0], website="spam"))
	assert (answer.status_code, said(answer)["ok"]) == (200, True)
	assert bookings() == []


def test_one_phone_number_books_only_so_often(guest, service):
	phone = free_phone()
	for start in free_times(guest, service)[0 : MOST_AHEAD * 4 : 4]:
		make_service_booking("Portal Service", start, phone=phone, client_name="Ира", do_not_save=False)
	frappe.db.set_value("Service Booking", {"phone": ("is", "set")}, "source", "Portal")
	frappe.db.commit()
	answer = guest.call(f"{API}book_visit", **form(free_times(guest, service)[-1], phone=phone))
	assert (answer.status_code, said(answer)["error"]) == (409, "too_many")


def test_too_many_requests_of_an_address_are_refused(guest, service):
	codes = [guest.call(f"{API}book_visit").status_code for _n in range(MOST_BOOKINGS + 1)]
	assert codes == [422] * MOST_BOOKINGS + [429]
	codes = [guest.call(f"{API}cancel_visit", token="x").status_code for _n in range(MOST_CHANGES + 1)]
	assert codes == [404] * MOST_CHANGES + [429]


def test_strange_types_are_refused_and_break_nothing(guest, service):
	for values in ({"offerings": [["x"], {"a": 1}, None]}, {"offerings": []}, {"offerings": ["x"] * 500}):
		assert guest.call(f"{API}get_free_times", **values).status_code == 422, values
	for values in (
		{"offerings": "x"},
		{"offerings": {"a": 1}},
	):
		assert guest.call(f"{API}get_free_times", **values).status_code in (417, 422), values
	assert guest.call(f"{API}get_free_times", offerings=[service], first_day="nonsense").status_code == 200
	assert guest.get(f"/api/method/{API}book_visit").status_code == 403


@pytest.mark.requirement("R205")
def test_a_closed_page_books_nothing(guest, service):
	frappe.db.set_single_value("Client Portal Settings", "is_booking_open", 0)
	frappe.db.commit()
	frappe.clear_document_cache("Client Portal Settings", "Client Portal Settings")
	assert guest.get("/book").status_code == 404
	assert said(guest.call(f"{API}get_free_times", offerings=[service]))["error"] == "closed"
	assert said(guest.call(f"{API}book_visit", **form("2026-12-01 10:00:00")))["error"] == "closed"


# -- the page of a booking -------------------------------------------------------------------------


@pytest.fixture
def booking(guest, service):
	start = free_times(guest, service)[8]
	made = make_service_booking("Portal Service", start, status="Requested", client_name="Пётр Клиент")
	link_for(made)
	frappe.db.commit()
	return made


def test_a_link_confirms_moves_and_cancels(guest, service, booking):
	token = token_for(booking)
	assert "Пётр Клиент" in guest.get(f"/booking/{token}").text
	assert guest.call(f"{API}confirm_visit", token=token).status_code == 200
	assert [row.status for row in bookings()] == ["Confirmed"]
	times = [
		time["start"]
		for day in said(guest.call(f"{API}get_times_to_move", token=token))["days"]
		for time in day["times"]
	]
	assert guest.call(f"{API}move_visit", token=token, start=times[-1]).status_code == 200
	assert [str(row.start) for row in bookings()] == [times[-1]]
	answer = guest.call(f"{API}cancel_visit", token=token, reason="Уехал")
	assert answer.status_code == 200, answer.text[-500:]
	assert [row.status for row in bookings()] == ["Cancelled"]
	assert frappe.db.get_value("Service Booking", booking.name, "cancel_reason") == "Уехал"
	answer = guest.call(f"{API}move_visit", token=token, start=times[0])
	assert (answer.status_code, said(answer)["error"]) == (409, "not_open")


def test_a_taken_time_is_not_moved_to(guest, service, booking):
	other = make_service_booking("Portal Service", free_times(guest, service)[0])
	frappe.db.commit()
	answer = guest.call(f"{API}move_visit", token=token_for(booking), start=str(other.start))
	assert (answer.status_code, said(answer)["error"]) == (409, "taken")
	assert len(said(answer)["next_slots"]) == 3
	assert str(frappe.db.get_value("Service Booking", booking.name, "start")) == str(booking.start)


def test_a_client_confirms_not_what_he_asked_for_himself(guest, service):
	start = free_times(guest, service)[0]
	token = said(guest.call(f"{API}book_visit", **form(start)))["page"].split("/")[2].split("?")[0]
	frappe.db.set_value("Service Booking", {"source": "Portal"}, "status", "Requested")
	frappe.db.commit()
	answer = guest.call(f"{API}confirm_visit", token=token)
	assert (answer.status_code, said(answer)["error"]) == (409, "not_open")


def test_shortly_before_the_visit_nothing_is_changed_online(guest, service, booking):
	soon = frappe.utils.now_datetime() + timedelta(minutes=90)
	frappe.db.set_value("Service Booking", booking.name, "start", soon)
	frappe.db.commit()
	answer = guest.call(f"{API}cancel_visit", token=token_for(booking))
	assert (answer.status_code, said(answer)["error"]) == (409, "late")


def test_wrong_and_revoked_links_look_the_same(guest, service, booking):
	token, other = token_for(booking), make_service_booking("Portal Service", free_times(guest, service)[1])
	revoked = token_for(other)
	revoke(other.name)
	frappe.db.commit()
	wrong = (
		*("x" * length for length in (1, 43, len(token))),
		token[:-1] + "x",
		booking.name,
		revoked,
		"' or 1=1",
	)
	pages = [guest.get(f"/booking/{text}") for text in wrong]
	assert {page.status_code for page in pages} == {404}
	assert len({page.text for page in pages}) == 1
	assert {guest.get(f"/booking/{text}/calendar.ics").status_code for text in wrong} == {404}
	for method in ("get_times_to_move", "move_visit", "cancel_visit", "confirm_visit"):
		answers = [guest.call(f"{API}{method}", token=text) for text in wrong]
		assert {answer.status_code for answer in answers} == {404}, method
		assert len({answer.text for answer in answers}) == 1, method
	assert guest.get(f"/booking/{token}").status_code == 200


def test_the_page_tells_a_stranger_nothing_of_the_register(guest, service):
	"""Whoever types another one's plate must not learn by it which car that is, or whose."""
	make_vehicle(vin="XTA210990Y5554443", licence_plate="А777АА77", make="Toyota", model="Toyota Camry")
	frappe.db.commit()
	start = free_times(guest, service)[0]
	answer = guest.call(f"{API}book_visit", **form(start, plate_or_vin="А777АА77"))
	assert frappe.db.count("Service Booking", {"vehicle": ("is", "set")}) == 1
	for page in (guest.get(said(answer)["page"]), answer):
		for text in ("Camry", "Toyota", "XTA210990"):
			assert text not in page.text


@pytest.mark.requirement("R205")
def test_the_calendar_file(guest, service, booking):
	answer = guest.get(f"/booking/{token_for(booking)}/calendar.ics")
	assert answer.headers["Content-Type"].startswith("text/calendar")
	assert "attachment" in answer.headers["Content-Disposition"]
	lines = answer.content.decode().split("\r\n")
	assert lines[0] == "BEGIN:VCALENDAR"
	assert any(line.startswith("DTSTART:") and line.endswith("Z") for line in lines)
	assert f"UID:{booking.name}@{frappe.local.site}" in lines
	assert guest.get(f"/booking/{token_for(booking)}").headers["Referrer-Policy"] == "no-referrer"


def test_the_link_of_an_invitation_names_the_car(guest, service):
	car = make_vehicle(vin="XTA210990Y5554444", make="Toyota", model="Toyota Camry")
	frappe.db.commit()
	page = guest.get("/book", params={"vehicle": car.name})
	assert car.name in page.text
	assert "XTA210990Y5554444" not in page.text
	assert '"vehicle": ""' in guest.get("/book", params={"vehicle": "no such car"}).text
	start = free_times(guest, service, vehicle=car.name)[0]
	answer = guest.call(f"{API}book_visit", **form(start, make="", plate_or_vin="", vehicle=car.name))
	assert answer.status_code == 200, answer.text[-300:]
	(booking,) = frappe.get_all("Service Booking", pluck="vehicle")
	assert booking == car.name
	assert "Camry" not in guest.get(said(answer)["page"]).text
	answer = guest.call(f"{API}book_visit", **form(start, make="", vehicle="no such car"))
	assert list(said(answer)["errors"]) == ["make"]
