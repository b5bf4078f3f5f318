"""What a search for free times asks of the database, and how soon it sees a changed set-up."""

from __future__ import annotations

import pytest
from factories import make_service_offering, make_service_resource, make_working_calendar
from sql_counter import count_sql

import frappe

from auto_dealer.booking.slots import find_slots
from auto_dealer.workshop import setup_cache, working_time
from auto_dealer.workshop.setup_cache import get_setup

SKILL = "Test Search"


@pytest.fixture
def garage(committed) -> list[str]:
	"""Two mechanics and a lift, seen by everybody."""
	lift = make_service_resource("Test Search Lift", resource_kind="Lift").name
	mechanics = [make_service_resource(f"Test Search {n}", [SKILL]).name for n in range(2)]
	make_service_offering("Test Search Job", [("Mechanic", SKILL), "Lift"])
	frappe.db.commit()
	return [*mechanics, lift]


def search() -> int:
	return len(find_slots(["Test Search Job"], days=14))


def test_a_search_over_two_weeks_takes_one_sql(garage: list[str]):
	assert search()
	frappe.local.document_cache = {}
	with count_sql() as sql:
		assert search()
	assert len(sql.all) == 1, sql


def test_a_changed_set_up_is_seen_at_once(garage: list[str]):
	before = search()
	lift = frappe.get_doc("Service Resource", garage[2])
	lift.append("absences", {"from_time": frappe.utils.today(), "to_time": frappe.utils.add_days(None, 7)})
	lift.save()
	assert 0 < search() < before, "by whoever changes it, before it is committed"
	frappe.db.commit()
	assert 0 < search() < before
	lift.reload().is_active = 0
	lift.save()
	frappe.db.commit()
	free = [slot for slot in find_slots(["Test Search Job"], days=14) if garage[2] in slot.resources]
	assert free == []


def test_what_is_rolled_back_was_never_known(garage: list[str]):
	assert len([r for r in get_setup().resources if r.name in garage]) == 3
	make_service_resource("Test Search Ghost")
	assert "Test Search Ghost" in [resource.name for resource in get_setup().resources]
	frappe.db.rollback()
	assert "Test Search Ghost" not in [resource.name for resource in get_setup().resources]


def test_a_changed_calendar_and_holiday_list_are_seen(garage: list[str]):
	day = frappe.utils.getdate(frappe.utils.add_days(None, 3))
	assert setup_cache.open_intervals(garage, day, day)[garage[0]]
	holidays = frappe.get_doc(
		{
			"doctype": "Holiday List",
			"holiday_list_name": "Test Search Holidays",
			"from_date": day,
			"to_date": day,
			"holidays": [{"holiday_date": day, "description": "x"}],
		}
	).insert()
	calendar = frappe.get_doc("Working Calendar", make_working_calendar())
	calendar.holiday_list = holidays.name
	calendar.save()
	frappe.db.commit()
	assert setup_cache.open_intervals(garage, day, day)[garage[0]] == []
	holidays.holidays = []
	holidays.save()
	frappe.db.commit()
	found = setup_cache.open_intervals(garage, day, day)
	assert found[garage[0]]
	assert found == working_time.open_intervals(garage, day, day)


def test_days_that_are_not_kept_are_read(garage: list[str]):
	past = frappe.utils.getdate("2026-01-05")
	assert setup_cache.open_intervals(garage, past, past) == working_time.open_intervals(garage, past, past)
