"""Bookings from outside: rights of each role, reminders, the client's link, parts, history, the calendar's data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import (
	make_contact,
	make_deal,
	make_department,
	make_service_booking,
	make_service_offering,
	make_service_resource,
	make_staff,
	make_stock_item,
	make_vehicle,
	next_monday,
	receive_stock,
	test_company,
)
from test_booking_rules import assert_whole

import frappe
from frappe.utils import add_days, get_datetime, getdate

from auto_dealer.booking import api, calendar, links, tasks
from auto_dealer.booking.cancel import cancel
from auto_dealer.booking.history import get_rows
from auto_dealer.booking.reminders import remind
from auto_dealer.booking.reschedule import reschedule
from auto_dealer.booking.slots import find_slots, next_slot

REST = "/api/resource/Service Booking"


@pytest.fixture(autouse=True)
def no_other_resources() -> None:
	"""What a site has of its own would serve as well, and its bookings would be counted."""
	frappe.db.sql("update `tabService Resource` set is_active = 0")
	for table in ("Service Booking", "Booking Hold", "Booking Day"):
		frappe.db.delete(table)


@pytest.fixture
def service() -> str:
	frappe.db.sql("update `tabService Resource` set is_active = 0")
	make_service_resource("Anna", ["Maintenance"])
	make_service_resource("Lift", resource_kind="Lift")
	return make_service_offering("TO-1", [("Mechanic", "Maintenance"), "Lift"], is_bookable_online=1).name


# -- rights ----------------------------------------------------------------------------------------


class Staff:
	def __init__(self):
		department = make_department("Booking Sales")
		self.advisor = make_staff("book-advisor", "Dealer Service Advisor")
		self.seller = make_staff("book-seller", "Dealer Sales Manager", department=department)
		self.other = make_staff("book-other", "Dealer Sales Manager", department=department)
		self.head = make_staff("book-head", "Dealer Sales Head", department=department)
		self.mechanic = make_staff("book-mechanic", "Dealer Mechanic")
		self.parts = make_staff("book-parts", "Dealer Parts Manager")
		self.marketer = make_staff("book-marketer", "Dealer Marketer")


@pytest.fixture
def staff() -> Staff:
	return Staff()


def seen_by(user: str) -> set[str]:
	frappe.set_user(user)
	try:
		return set(frappe.get_list("Service Booking", pluck="name"))
	finally:
		frappe.set_user("Administrator")


def test_who_sees_which_bookings(service: str, staff: Staff):
	deal = make_deal(responsible=staff.seller)
	of_deal = make_service_booking(service, deal=deal.name).name
	foreign = make_service_booking(service, start=next_monday(12)).name
	frappe.db.set_value("Service Resource", "Anna", "user", staff.mechanic)
	make_service_resource("Bay", resource_kind="Bay")
	tyres = make_service_booking(make_service_offering("Tyres", ["Bay"]).name).name
	everything = {of_deal, foreign, tyres}
	assert seen_by(staff.advisor) == everything
	assert seen_by(staff.head) == everything
	assert seen_by(staff.parts) == everything
	assert seen_by(staff.seller) == {of_deal}
	assert seen_by(staff.other) == set()
	assert seen_by(staff.mechanic) == {of_deal, foreign}
	for user, name, may in (
		(staff.seller, of_deal, True),
		(staff.seller, foreign, False),
		(staff.other, of_deal, False),
		(staff.mechanic, foreign, True),
		(staff.mechanic, tyres, False),
	):
		assert bool(frappe.has_permission("Service Booking", "read", doc=name, user=user)) is may
	with pytest.raises(frappe.PermissionError):
		seen_by(staff.marketer)


def test_rows_of_bookings_are_listed_with_them(service: str, staff: Staff):
	make_service_booking(service)
	frappe.set_user(staff.other)
	for table in ("Service Booking Resource", "Service Booking Offering"):
		assert frappe.get_list(table, parent_doctype="Service Booking") == []


def test_a_mechanic_changes_nothing_and_sees_no_price(api, service: str, staff: Staff):
	frappe.db.set_value("Service Resource", "Anna", "user", staff.mechanic)
	booking = make_service_booking(service)
	session = api(staff.mechanic)
	seen = session.get(f"{REST}/{booking.name}").json()["data"]
	assert seen["client_name"] == "Иван Петров"
	assert not seen.get("price")
	assert not seen["offerings"][0].get("price")
	assert "explanation" not in seen or not seen["explanation"]
	assert session.put(f"{REST}/{booking.name}", json={"comment": "x"}).status_code == 403
	for method, values in (
		(
			"book",
			{"values": {"start": str(next_monday(12)), "offerings": [service], "phone": "+79160000001"}},
		),
		("move", {"booking": booking.name, "start": str(next_monday(12))}),
		("set_status", {"booking": booking.name, "status": "Cancelled"}),
	):
		assert session.call(f"auto_dealer.booking.api.{method}", **values).status_code == 403
	for doctype in ("Booking Hold", "Booking Day"):
		assert session.get(f"/api/resource/{doctype}").status_code == 403


def test_strangers_and_other_roles_are_refused(api, http, service: str, staff: Staff):
	booking = make_service_booking(service)
	for session in (api(staff.marketer), http()):
		assert session.get(REST).status_code == 403
		assert session.get(f"{REST}/{booking.name}").status_code == 403
		for method in ("get_calendar", "find_slots", "get_next_slot", "get_link"):
			answer = session.get(
				f"/api/method/auto_dealer.booking.api.{method}",
				params={"offerings": f'["{service}"]', "booking": booking.name},
			)
			assert answer.status_code == 403, method
	seller = api(staff.other)
	assert seller.get(f"{REST}/{booking.name}").status_code == 403
	assert (
		seller.call(
			"auto_dealer.booking.api.move", booking=booking.name, start=str(next_monday(12))
		).status_code
		== 403
	)


def test_a_foreign_deal_is_no_way_to_its_client(service: str, staff: Staff):
	deal = make_deal(responsible=staff.seller, client_name="Тайный Клиент")
	frappe.set_user(staff.other)
	with pytest.raises(frappe.PermissionError):
		make_service_booking(service, deal=deal.name)


def test_only_the_portal_administrator_deletes_and_nobody_renames(service: str, staff: Staff):
	booking = make_service_booking(service)
	frappe.set_user(staff.advisor)
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc("Service Booking", booking.name)
	frappe.set_user("Administrator")
	with pytest.raises(frappe.ValidationError):
		frappe.rename_doc("Service Booking", booking.name, "B-1")


def test_the_calendar_shows_strangers_bookings_as_taken_only(service: str, staff: Staff):
	booking = make_service_booking(service, client_name="Тайный Клиент")
	frappe.set_user(staff.other)
	shown = calendar.get_calendar(next_monday().date())
	row = next(row for row in shown["bookings"] if row["start"] == str(booking.start))
	assert not row["can_open"]
	assert "client" not in row
	assert booking.name not in str(shown)
	assert "Тайный" not in str(shown)


# -- calendar --------------------------------------------------------------------------------------


def test_the_calendar_tells_hours_bookings_and_how_full_the_day_is(service: str):
	booking = make_service_booking(service)
	shown = calendar.get_calendar(next_monday().date(), 7, ["Mechanic", "Lift"])
	anna = next(row for row in shown["resources"] if row["name"] == "Anna")
	assert anna["open"][0] == [str(next_monday(9)), str(next_monday(13))]
	assert anna["percent"][:2] == [12, 0]
	row = next(row for row in shown["bookings"] if row["name"] == booking.name)
	assert sorted(row["resources"]) == ["Anna", "Lift"]
	cancel(booking.name)
	shown = calendar.get_calendar(next_monday().date(), 1)
	assert not [row for row in shown["bookings"] if row["name"] == booking.name]
	assert next(row for row in shown["resources"] if row["name"] == "Anna")["percent"] == [0]


def test_the_api_answers_with_slots_length_and_price(service: str):
	found = api.find_slots(f'["{service}"]', first_day=str(next_monday().date()), days=1, limit=2)
	assert (found["minutes"], found["price"]) == (60, 1000)
	assert [slot["start"] for slot in found["slots"]] == [str(next_monday(9)), str(next_monday(9.5))]
	assert len(api.get_next_slot([service])["slots"]) == 1
	moved = api.move_to(make_service_booking(service).name, str(next_monday(15)))
	assert moved["start"] == str(next_monday(15))


# -- reminders -------------------------------------------------------------------------------------


def timers(booking: str) -> dict:
	rows = frappe.get_all(
		"Robot Task", {"task_key": ("like", f"booking:{booking}:%")}, ["task_key", "due_at", "status"]
	)
	return {row.task_key.rsplit(":", 1)[1]: (row.due_at, row.status) for row in rows}


def test_reminders_follow_the_booking(service: str):
	start = next_monday(10, weeks=2)
	booking = make_service_booking(service, start=start)
	assert timers(booking.name) == {
		"first": (start - timedelta(hours=24), "Pending"),
		"second": (start - timedelta(hours=2), "Pending"),
	}
	later = start + timedelta(days=1)
	reschedule(booking.name, later)
	assert timers(booking.name)["first"] == (later - timedelta(hours=24), "Pending")
	assert timers(booking.name)["second"] == (later - timedelta(hours=2), "Pending")
	cancel(booking.name)
	assert {status for _due, status in timers(booking.name).values()} == {"Cancelled"}


def test_a_reminder_writes_to_the_client_with_the_link(service: str):
	contact = make_contact("Пётр", ["+79161112244"], ["petr@example.com"])
	booking = make_service_booking(service, start=next_monday(10, weeks=2), contact=contact.name)
	message = frappe.get_doc("Client Message", remind("Service Booking", booking.name, str(booking.start)))
	assert message.contact == contact.name
	assert "/booking/" in message.text
	assert links.find_booking(message.text.rsplit("/booking/", 1)[1].strip()) == booking.name
	assert remind("Service Booking", booking.name, str(booking.start - timedelta(hours=1))) is None
	cancel(booking.name)
	assert remind("Service Booking", booking.name, str(booking.start)) is None


def test_a_reminder_is_in_the_language_of_the_dealer(service: str, monkeypatch: pytest.MonkeyPatch):
	booking = make_service_booking(service, start=next_monday(10, weeks=2))
	monkeypatch.setattr("auto_dealer.booking.reminders.language_of", lambda: "ru")
	message = frappe.get_doc("Client Message", remind("Service Booking", booking.name, str(booking.start)))
	assert message.text.startswith(f"Вы записаны на {booking.start:%d.%m.%Y %H:%M}: TO-1.")
	assert message.subject == "Напоминание о записи"
	assert frappe.local.lang == "en"


# -- the link --------------------------------------------------------------------------------------


def test_the_link_opens_its_own_booking_until_it_is_revoked(service: str):
	booking = make_service_booking(service)
	other = make_service_booking(service, start=next_monday(12))
	token = links.token_for(booking)
	assert links.link_for(booking).endswith(f"/booking/{token}")
	assert links.find_booking(token) == booking.name
	assert links.find_booking(links.token_for(other.name)) == other.name
	wrong = [
		None,
		"",
		"x",
		booking.name,
		token[:-1],
		token[:-1] + ("A" if token[-1] != "A" else "B"),
		token + "x",
	]
	wrong.append(token[:22] + links.token_for(other.name)[22:])
	wrong.append(frappe.db.get_value("Service Booking", booking.name, "link_key"))
	assert [links.find_booking(text) for text in wrong] == [None] * len(wrong)
	links.revoke(booking.name)
	assert links.find_booking(token) is None
	assert links.token_for(booking.name) != token
	frappe.db.set_value("Service Booking", other.name, "end", add_days(next_monday(), -60))
	assert links.find_booking(links.token_for(other.name)) is None


# -- parts -----------------------------------------------------------------------------------------


def order_part(item: str, quantity: float, day) -> None:
	warehouse = frappe.get_all("Warehouse", {"is_group": 0, "company": test_company()}, pluck="name")[0]
	if not frappe.db.exists("Supplier", "Booking Supplier"):
		group = frappe.get_all("Supplier Group", {"is_group": 0}, pluck="name", limit=1)[0]
		frappe.get_doc(
			{"doctype": "Supplier", "supplier_name": "Booking Supplier", "supplier_group": group}
		).insert()
	row = {"item_code": item, "qty": quantity, "rate": 100, "schedule_date": day, "warehouse": warehouse}
	frappe.get_doc(
		{
			"doctype": "Purchase Order",
			"supplier": "Booking Supplier",
			"company": test_company(),
			"schedule_date": day,
			"items": [row],
		}
	).submit()


@pytest.fixture
def with_part(service: str) -> tuple[str, str]:
	filter_ = make_stock_item("BOOKING-FILTER")
	part = [{"item": filter_, "qty": 1}]
	return make_service_offering(
		"Filter", [("Mechanic", "Maintenance")], parts=part, is_bookable_online=1
	).name, filter_


def test_a_job_is_offered_from_the_day_when_its_parts_are_there(with_part: tuple[str, str]):
	service, item = with_part
	assert find_slots([service]) == []
	assert next_slot([service]) is None
	due = add_days(getdate(), 5)
	order_part(item, 1, due)
	assert find_slots([service], days=10)[0].start.date() == due
	receive_stock(item, 1)
	assert find_slots([service], days=10)[0].start.date() < due
	make_service_booking(service)  # promised to this client: the next one waits for the delivery
	assert find_slots([service], days=10)[0].start.date() == due
	frappe.get_doc("Booking Settings").update({"is_parts_aware": 0}).save()
	assert find_slots([service], days=10)[0].start.date() < due


def test_parts_that_nobody_has_can_have_a_usual_time_to_get(with_part: tuple[str, str]):
	service, _item = with_part
	frappe.get_doc("Booking Settings").update({"supply_days": 3}).save()
	assert find_slots([service], days=10)[0].start.date() == add_days(getdate(), 3)
	booking = make_service_booking(service, start=next_monday(10, weeks=2))
	assert booking.parts_from == add_days(getdate(), 3)


# -- history ---------------------------------------------------------------------------------------


@pytest.mark.requirement("R213")
def test_the_history_of_a_service_names_time_model_make_and_vin(service: str, staff: Staff):
	car = make_vehicle(vin="XTA210990Y2766389", licence_plate="А123ВС777")
	make_service_resource("Bay", resource_kind="Bay")
	tyres = make_service_offering("Tyres", ["Bay"], group="Tyre Group").name
	both = make_service_booking(f"{service}+{tyres}", vehicle=car.name, client_name="Анна Ветрова")
	plain = make_service_booking(service, start=next_monday(14))
	rows = get_rows({"offering": service})
	assert [row["name"] for row in rows] == [plain.name, both.name]
	assert {row["offering"] for row in rows} == {service}
	row = rows[1]
	assert (row["start"], row["make"], row["model"]) == (both.start, car.make, car.model)
	assert row["vin"] == "XTA210990Y2766389"
	for filters in (
		{"service_group": "Tyre Group"},
		{"vin": "2766389"},
		{"vin": "а123вс777"},
		{"client": "Ветрова"},
		{"model": car.model, "to_date": next_monday().date()},
	):
		assert {row["name"] for row in get_rows(filters)} == {both.name}, filters
	assert get_rows({"from_date": next_monday(10, weeks=5).date()}) == []
	frappe.set_user(staff.other)
	assert get_rows({"offering": service}) == []


@pytest.mark.requirement("R213")
def test_the_report_runs_in_the_desk(service: str):
	booking = make_service_booking(service)
	from frappe.desk.query_report import run

	result = run("Service Booking History", {"offering": service})
	assert [row["name"] for row in result["result"]] == [booking.name]


# -- housekeeping ----------------------------------------------------------------------------------


def test_the_night_repairs_a_map_that_differs(service: str):
	booking = make_service_booking(service)
	frappe.db.sql("update `tabBooking Day` set taken = 'ff' where resource = 'Anna'")
	assert tasks.compare_days() == 1
	assert_whole()
	assert tasks.compare_days() == 0
	assert booking.name


def test_a_renamed_resource_keeps_its_taken_time(service: str):
	make_service_booking(service)
	frappe.rename_doc("Service Resource", "Anna", "Anna K")
	assert_whole()
	with pytest.raises(frappe.ValidationError):
		make_service_booking(service)
	assert get_datetime(frappe.response["next_slots"][0]["start"]) == next_monday(11)
