"""The service calendar: an advisor's morning, at a desk and on a phone."""

from __future__ import annotations

import pytest
from factories import (
	make_deal,
	make_service_booking,
	make_service_offering,
	make_service_resource,
	make_staff,
	next_monday,
)
from playwright.sync_api import Locator, Page, expect

import frappe
from frappe.utils import get_datetime

from auto_dealer.booking.reschedule import reschedule


class CalendarPage:
	def __init__(self, page: Page):
		self.page = page

	def open(self) -> None:
		self.page.goto(f"/app/service-calendar/{next_monday().date()}")
		self.page.wait_for_selector(".calendar-day, .calendar-list", timeout=30_000)

	def lane(self, resource: str) -> Locator:
		return self.page.locator(f'.resource-lane[data-resource="{resource}"]')

	def block(self, resource: str, client: str) -> Locator:
		return self.lane(resource).locator(".booking-block", has_text=client)

	def point(self, resource: str, hours: float) -> tuple[float, float]:
		"""Where this hour lies in the row; the test calendar is shown from 9 to 18."""
		box = self.lane(resource).bounding_box()
		return box["x"] + box["width"] * (hours - 9) / 9, box["y"] + box["height"] / 2

	def drag(self, resource: str, client: str, to: str, hours: float, drop: bool = True) -> None:
		"""With the mouse, held at the left edge of the booking."""
		expect(self.block(resource, client)).to_be_visible()
		# What was saved before is drawn anew once more when the server tells of it.
		self.page.wait_for_timeout(1000)
		box = self.block(resource, client).bounding_box()
		x, y = self.point(to, hours)
		self.page.mouse.move(box["x"] + 6, box["y"] + box["height"] / 2)
		self.page.mouse.down()
		self.page.mouse.move(box["x"] + 30, box["y"] + box["height"] / 2, steps=3)
		self.page.mouse.move(x + 6, y, steps=10)
		if drop:
			self.page.mouse.up()


@pytest.fixture
def advisor(committed) -> str:
	for table in ("Service Booking", "Booking Hold", "Booking Day"):
		frappe.db.delete(table)
	frappe.db.sql("update `tabService Resource` set is_active = 0")
	for name in ("Anna", "Boris"):
		make_service_resource(name, ["Maintenance"])
	make_service_resource("Lift", resource_kind="Lift")
	make_service_offering("TO-1", [("Mechanic", "Maintenance"), "Lift"], is_active=1)
	make_service_offering("Check", [("Mechanic", "Maintenance")], is_active=1)
	return make_staff("Calendar Advisor", "Dealer Service Advisor")


def stored(booking: str) -> tuple:
	frappe.db.rollback()
	doc = frappe.get_doc("Service Booking", booking)
	return doc.start, sorted(row.resource for row in doc.resources)


@pytest.mark.requirement("R201", "R204")
def test_a_booking_is_dragged_and_a_conflict_is_told_and_undone(page_as, advisor: str):
	mine = make_service_booking("TO-1", client_name="Ivan Petrov", resources=["Anna"]).name
	make_service_booking("Check", start=next_monday(14), client_name="Olga", resources=["Boris"])
	page = page_as(advisor)
	calendar = CalendarPage(page)
	calendar.open()
	expect(calendar.block("Anna", "Ivan Petrov")).to_be_visible()
	expect(calendar.block("Lift", "Ivan Petrov")).to_be_visible()
	expect(page.locator(".calendar-load")).to_contain_text("%")

	# To a colleague and another hour: the lift goes along.
	calendar.drag("Anna", "Ivan Petrov", "Boris", 15)
	expect(page.locator(".desk-alert")).to_contain_text("Moved", timeout=15_000)
	expect(calendar.block("Boris", "Ivan Petrov")).to_be_visible()
	assert stored(mine) == (next_monday(15), ["Boris", "Lift"])

	# Onto somebody else's time: told while dragging, refused by the server with the next times, put back.
	calendar.drag("Boris", "Ivan Petrov", "Boris", 14.25, drop=False)
	expect(page.locator(".booking-ghost.is-refused")).to_contain_text("Taken")
	page.mouse.up()
	message = page.locator(".msgprint-dialog .modal-body, .modal.show .modal-body")
	expect(message.first).to_contain_text("next free times", timeout=15_000)
	page.keyboard.press("Escape")
	assert stored(mine) == (next_monday(15), ["Boris", "Lift"])
	expect(calendar.block("Boris", "Ivan Petrov")).to_be_visible()

	# Escape gives up a drag.
	calendar.drag("Boris", "Ivan Petrov", "Anna", 10, drop=False)
	page.keyboard.press("Escape")
	page.mouse.up()
	expect(page.locator(".booking-ghost")).to_have_count(0)
	assert stored(mine) == (next_monday(15), ["Boris", "Lift"])

	# What a colleague moves is seen without a reload.
	reschedule(mine, next_monday(9))
	frappe.db.commit()
	expect(calendar.block("Boris", "Ivan Petrov")).to_have_attribute(
		"title", r"09:00–10:00 Ivan Petrov · TO-1 · Confirmed", timeout=15_000
	)


@pytest.mark.requirement("R204")
def test_the_server_refuses_what_the_page_did_not_know(page_as, advisor: str):
	mine = make_service_booking("Check", client_name="Ivan Petrov", resources=["Anna"]).name
	page = page_as(advisor)
	calendar = CalendarPage(page)
	calendar.open()
	expect(calendar.block("Anna", "Ivan Petrov")).to_be_visible()
	# This page hears nothing of what colleagues do.
	page.evaluate("frappe.realtime.off('list_update')")
	make_service_booking("Check", start=next_monday(16), client_name="Olga", resources=["Boris"])
	frappe.db.commit()
	calendar.drag("Anna", "Ivan Petrov", "Boris", 16)
	expect(page.locator(".modal.show .modal-body").first).to_contain_text("Taken: Boris", timeout=15_000)
	expect(calendar.block("Anna", "Ivan Petrov")).to_be_visible()
	assert stored(mine) == (next_monday(10), ["Anna"])


@pytest.mark.requirement("R201")
def test_an_empty_place_is_clicked_and_the_next_free_time_is_one_click(page_as, advisor: str):
	page = page_as(advisor)
	calendar = CalendarPage(page)
	calendar.open()
	page.mouse.click(*calendar.point("Boris", 11.2))
	dialog = page.locator(".modal.show")
	dialog.locator("[data-fieldname=search] input").fill("+79165550101")
	expect(dialog).to_contain_text("A new client", timeout=10_000)
	dialog.locator("[data-fieldname=client_name] input").fill("Anna Vetrova")
	pills = dialog.locator("[data-fieldname=offerings] input")
	pills.fill("TO-1")
	page.locator(".awesomplete li:visible", has_text="TO-1").first.click()
	expect(dialog.locator("[data-fieldname=times]")).to_contain_text("Next free", timeout=15_000)
	dialog.locator("[data-fieldname=times] .btn-primary").click()
	dialog.locator(".btn-modal-primary").click()
	expect(page.locator(".desk-alert")).to_contain_text("Booked", timeout=15_000)
	frappe.db.rollback()
	booking = frappe.get_doc("Service Booking", {"client_name": "Anna Vetrova"})
	assert booking.phone == "+79165550101"
	assert [row.offering for row in booking.offerings] == ["TO-1"]
	assert booking.source == "Phone"


def test_the_week_and_the_way_of_a_visit(page_as, advisor: str):
	name = make_service_booking("Check", client_name="Ivan Petrov", resources=["Anna"]).name
	page = page_as(advisor)
	calendar = CalendarPage(page)
	calendar.open()
	page.get_by_role("button", name="Week", exact=True).click()
	expect(page.locator(".calendar-week .booking-chip", has_text="Ivan Petrov")).to_be_visible()
	page.locator(".booking-chip", has_text="Ivan Petrov").click()
	dialog = page.locator(".modal.show")
	dialog.get_by_role("button", name="Client Arrived").click()
	expect(page.locator('.booking-chip[data-color="orange"]')).to_be_visible(timeout=15_000)
	frappe.db.rollback()
	assert frappe.db.get_value("Service Booking", name, "status") == "Arrived"


def test_on_a_phone_the_day_is_a_list_in_russian(page_as, advisor: str):
	make_service_booking("Check", client_name="Иван Петров", resources=["Anna"])
	page = page_as(advisor, language="ru", phone=True)
	CalendarPage(page).open()
	row = page.locator(".booking-row")
	expect(row).to_contain_text("Иван Петров")
	expect(row).to_contain_text("Подтверждена")
	assert page.evaluate("document.documentElement.scrollWidth") <= 390
	row.click()
	expect(page.locator(".modal.show")).to_contain_text("Клиент приехал")


@pytest.mark.requirement("R199", "R200")
def test_a_test_drive_is_booked_from_the_deal(page_as, committed):
	seller = make_staff("Calendar Seller", "Dealer Sales Manager")
	frappe.db.sql("update `tabService Resource` set is_active = 0")
	make_service_resource("Camry", resource_kind="Test-Drive Car")
	make_service_offering("Camry Drive", ["Test-Drive Car"], group="Test Drive", is_active=1)
	deal = make_deal(client_name="Oleg Popov", responsible=seller).name
	page = page_as(seller)
	page.goto(f"/app/auto-deal/{deal}")
	page.wait_for_selector(".dealer-stage", timeout=30_000)
	page.get_by_role("button", name="Booking").click()
	page.locator(".dropdown-item:visible", has_text="Book a Test Drive").click()
	dialog = page.locator(".modal.show")
	expect(dialog.locator("[data-fieldname=times]")).to_contain_text("Next free", timeout=15_000)
	dialog.locator("[data-fieldname=times] .btn-primary").click()
	dialog.locator(".btn-modal-primary").click()
	expect(page.locator(".desk-alert")).to_contain_text("Booked", timeout=15_000)
	frappe.db.rollback()
	booking = frappe.get_doc("Service Booking", {"deal": deal})
	assert booking.client_name == "Oleg Popov"
	assert get_datetime(booking.start) > frappe.utils.now_datetime()
