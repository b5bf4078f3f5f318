"""Resources: who can serve a need, and when they work."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from factories import make_row, make_service_resource, make_staff, make_working_calendar, test_company
from sql_counter import count_sql

import frappe

from auto_dealer.workshop.errors import UnusableCalendar
from auto_dealer.workshop.resources import resource_of_user, suitable
from auto_dealer.workshop.rules.plan import Need
from auto_dealer.workshop.working_time import open_intervals

MONDAY, TUESDAY = date(2027, 3, 1), date(2027, 3, 2)


def at(day: int, hour: int, minute: int = 0) -> datetime:
	return datetime(2027, 3, day, hour, minute)


@pytest.mark.requirement("R202")
def test_only_those_with_the_skill_serve_a_need():
	for resource in frappe.get_all("Service Resource", pluck="name"):
		frappe.db.set_value("Service Resource", resource, "is_active", 0)
	make_service_resource("Test Both", ["Test Engine", "Test Tyres"], sort_order=2)
	make_service_resource("Test Tyre Man", ["Test Tyres"], sort_order=1)
	make_service_resource("Test Gone", ["Test Tyres"], is_active=0)
	make_service_resource("Test Lift", resource_kind="Lift", capacity=2)
	assert suitable(Need("Mechanic", "Test Tyres")) == ["Test Tyre Man", "Test Both"]
	assert suitable(Need("Mechanic", "Test Engine")) == ["Test Both"]
	assert suitable(Need("Mechanic")) == ["Test Tyre Man", "Test Both"]
	assert suitable(Need("Lift")) == ["Test Lift"]
	assert suitable(Need("Bay")) == []


@pytest.mark.requirement("R203", "R207")
def test_working_time_minds_shifts_breaks_holidays_and_absences():
	holidays = frappe.get_doc(
		{
			"doctype": "Holiday List",
			"holiday_list_name": "Test Holidays",
			"from_date": "2027-01-01",
			"to_date": "2027-12-31",
			"holidays": [{"holiday_date": "2027-03-03", "description": "x"}],
		}
	).insert()
	calendar = make_working_calendar("Test Week", holiday_list=holidays.name)
	make_service_resource("Test One", working_calendar=calendar)
	make_service_resource(
		"Test Two",
		working_calendar=calendar,
		absences=[{"from_time": "2027-03-01 15:30:00", "to_time": "2027-03-02 10:00:00"}],
	)
	found = open_intervals(["Test One", "Test Two", "Nobody"], "2027-03-01", "2027-03-03")
	assert found == {
		"Nobody": [],
		"Test One": [
			*((at(1, 9), at(1, 13)), (at(1, 14), at(1, 18))),
			*((at(2, 9), at(2, 13)), (at(2, 14), at(2, 18))),
		],
		"Test Two": [
			(at(1, 9), at(1, 13)),
			(at(1, 14), at(1, 15, 30)),
			(at(2, 10), at(2, 13)),
			(at(2, 14), at(2, 18)),
		],
	}


def test_a_night_shift_runs_into_the_next_day():
	night = make_working_calendar(
		"Test Night",
		[
			{
				"weekday": "Sunday",
				"start": "22:00:00",
				"end": "06:00:00",
				"break_start": "01:00:00",
				"break_end": "01:30:00",
			}
		],
	)
	make_service_resource("Test Owl", working_calendar=night)
	assert open_intervals(["Test Owl"], MONDAY, TUESDAY)["Test Owl"] == [
		(at(1, 0), at(1, 1)),
		(at(1, 1, 30), at(1, 6)),
	]


@pytest.mark.parametrize("count", [1, 40])
def test_working_time_of_any_number_of_resources_takes_four_sql(count: int):
	calendars = [make_working_calendar(f"Test Calendar {n}") for n in range(3)]
	names = [
		make_service_resource(f"Test R{n}", working_calendar=calendars[n % 3]).name for n in range(count)
	]
	with count_sql() as sql:
		found = open_intervals(names, "2027-03-01", "2027-03-14")
	assert len(sql.all) <= 4
	assert all(len(intervals) == 28 for intervals in found.values())


def test_a_calendar_with_a_wrong_break_is_refused():
	for wrong in (
		{"break_start": "12:00"},
		{"break_start": "25:00", "break_end": "26:00"},
		{"break_start": "x"},
		{"break_start": "17:30:00", "break_end": "18:30:00"},
	):
		with pytest.raises(UnusableCalendar, match="Row 1"):
			make_working_calendar(
				"Test Wrong", [{"weekday": "Monday", "start": "09:00:00", "end": "18:00:00", **wrong}]
			)


def test_a_shift_without_a_break_has_none():
	calendar = make_working_calendar(
		"Test No Break", [{"weekday": "Monday", "start": "09:00:00", "end": "18:00:00"}]
	)
	make_service_resource("Test Bay", resource_kind="Bay", working_calendar=calendar)
	assert open_intervals(["Test Bay"], MONDAY, MONDAY)["Test Bay"] == [(at(1, 9), at(1, 18))]


def test_a_mechanic_is_one_employee_and_one_user():
	user = make_staff("wrench", "Dealer Mechanic")
	employee = frappe.get_doc(
		{
			"doctype": "Employee",
			"first_name": "Алексей",
			"gender": frappe.get_all("Gender", pluck="name", limit=1)[0],
			"date_of_birth": "1990-01-01",
			"date_of_joining": "2020-01-01",
			"company": test_company(),
			"user_id": user,
		}
	).insert()
	mechanic = make_service_resource("Test Alexey", employee=employee.name)
	assert mechanic.user == user
	assert resource_of_user(user) == mechanic.name
	with pytest.raises(frappe.ValidationError, match="is the resource"):
		make_service_resource("Test Alexey Again", user=user)
	assert (
		make_service_resource("Test Alexey's Desk", resource_kind="Salesperson Desk", user=user).employee
		== employee.name
	)


def test_wrong_resources_are_refused():
	for values in (
		{"capacity": 0},
		{"absences": [{"from_time": "2027-03-02 10:00:00", "to_time": "2027-03-01 10:00:00"}]},
	):
		with pytest.raises(frappe.ValidationError):
			make_service_resource("Test Wrong", **values)


@pytest.mark.requirement("R3")
def test_the_reasons_of_absences_are_for_those_who_plan(as_user):
	make_service_resource(
		"Test Ill", absences=[{"from_time": "2027-03-01", "to_time": "2027-03-02", "reason": "Illness"}]
	)
	for role, sees in (
		("Dealer Service Advisor", 1),
		("Dealer Administrator", 1),
		("Dealer Mechanic", 0),
		("Dealer Sales Manager", 0),
	):
		with as_user(make_staff(f"workshop-{role}", role)):
			doc = frappe.get_doc("Service Resource", "Test Ill")
			doc.check_permission("read")
			doc.apply_fieldlevel_read_permissions()
			assert len(doc.get("absences") or []) == sees, role


def test_an_absence_over_bookings_lists_them():
	make_service_resource("Test Away")
	for hour, status, who in (
		(10, "Confirmed", "Иван <b>"),
		(11, "Cancelled", "Пётр"),
		(16, "Requested", "Анна"),
	):
		booking = make_row("Service Booking", client_name=who, status=status)
		make_row(
			"Service Booking Resource",
			parent=booking.name,
			parenttype="Service Booking",
			parentfield="resources",
			resource="Test Away",
			start=at(1, hour),
			end=at(1, hour + 1),
		)
	doc = frappe.get_doc("Service Resource", "Test Away")
	frappe.clear_messages()
	doc.append("absences", {"from_time": at(1, 9), "to_time": at(1, 12)})
	doc.save()
	told = frappe.message_log[-1]["message"]
	assert "Иван &lt;b&gt;" in told
	assert "Пётр" not in told
	assert "Анна" not in told
	frappe.clear_messages()
	doc.reload().save()
	assert frappe.message_log == [], "what was told once is not told again"
	doc.append("absences", {"from_time": at(1, 16, 30), "to_time": at(1, 18)})
	doc.save()
	assert "Анна" in frappe.message_log[-1]["message"]
	assert "Иван" not in frappe.message_log[-1]["message"]
