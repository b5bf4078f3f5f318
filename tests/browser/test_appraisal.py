"""An appraisal in the browser: inspected on a phone, priced, agreed, counted as trade-in; the deal follows."""

from __future__ import annotations

import re

import pytest
from factories import free_vin, make_appraisal, make_deal, make_row, make_staff
from playwright.sync_api import expect

import frappe

from auto_dealer.appraisal import vin_jobs

FORM = "/app/vehicle-appraisal/"


@pytest.mark.requirement("R98", "R100", "R102")
def test_from_the_phone_to_the_trade_in(page_as, committed):
	igor = make_staff("appraisal-b-igor", "Dealer Appraiser")
	anna = make_staff("appraisal-b-anna", "Dealer Sales Manager")
	deal = make_deal(pipeline="Used Cars", needs_appraisal=1, appraiser=igor)
	appraisal = make_appraisal(igor, deal=deal.name, checks=[])
	appraisal.append("checks", {"zone": "Bodywork", "check": "Paint"})
	appraisal.append("checks", {"zone": "Road Test", "check": "Gearbox"})
	appraisal.save()
	frappe.db.set_value("Auto Deal", deal.name, {"responsible": anna, "queue": anna})

	manager = page_as(anna)
	manager.goto(f"/app/auto-deal/{deal.name}")
	manager.get_by_role("tab", name="Appraisal").click()
	state = manager.locator(".dealer-appraisal")
	expect(state).to_contain_text(f"{appraisal.name}: New", timeout=30_000)

	phone = page_as(igor, phone=True)
	phone.goto(FORM + appraisal.name)
	phone.get_by_role("tab", name="Inspection").click(timeout=30_000)
	inspect(phone)
	for action in ("Start Inspection", "Research the Market", "Prepare an Offer"):
		take(phone, action)
	expect(state).to_contain_text(f"{appraisal.name}: Offer", timeout=30_000)

	desk = page_as(igor)
	desk.goto(FORM + appraisal.name)
	desk.get_by_role("tab", name="Market and Price").click(timeout=30_000)
	expect(desk.locator(".dealer-calculation")).to_contain_text("median of 3 offers", timeout=30_000)
	desk.get_by_role("tab", name="Offer", exact=True).click()
	grid = desk.locator('[data-fieldname="offers"]')
	grid.get_by_role("button", name="Add Row").click()
	price = grid.locator('.grid-body .grid-row [data-fieldname="price"]').first
	price.click()
	price.locator("input").fill("1200000")
	desk.keyboard.press("Tab")
	take(desk, "Make the Offer")
	take(desk, "Client Agrees", answer="Submit")
	expect(state).to_contain_text(f"{appraisal.name}: Agreed", timeout=30_000)
	state.get_by_role("button", name="Count as Trade-in").click()
	expect(state).to_contain_text("Counted as trade-in in this deal", timeout=30_000)
	frappe.db.rollback()
	sale = frappe.get_doc("Auto Deal", deal.name)
	assert (sale.trade_in_amount, bool(sale.trade_in_vehicle)) == (1_200_000, True)
	stored = frappe.get_doc("Vehicle Appraisal", appraisal.name)
	assert [(row.result, row.note) for row in stored.checks] == [
		("Good", None),
		("Bad", "Рывки при переключении"),
	]


def inspect(page) -> None:
	"""The two lines of the checklist, one of them bad, with a note."""
	checklist = page.locator(".dealer-checklist")
	checklist.locator("[data-row]").nth(0).get_by_role("button", name="Good").click()
	checklist.locator("[data-row]").nth(1).get_by_role("button", name="Bad").click()
	note = checklist.get_by_placeholder("Note")
	note.fill("Рывки при переключении")
	note.blur()
	expect(checklist).to_contain_text("1 of 1")


def take(page, action: str, answer: str | None = None) -> None:
	"""An action of the workflow's menu, which a form with changes offers once it is saved; waits until it has moved."""
	page.keyboard.press("Control+s")
	# A form that is being saved or read anew forgets what is typed into the next dialog.
	page.wait_for_function("() => !cur_frm.is_dirty() && !frappe.request.ajax_count", timeout=30_000)
	before = page.locator(".indicator-pill").first.inner_text()
	page.locator(".actions-btn-group button").click(timeout=30_000)
	page.locator(".actions-btn-group").get_by_text(action, exact=True).click()
	if answer:
		page.locator(".modal.show").get_by_role("button", name=answer).click(timeout=30_000)
	expect(page.locator(".indicator-pill").first).not_to_have_text(
		re.compile(re.escape(before)), timeout=30_000
	)


@pytest.mark.requirement("R101")
def test_data_by_vin_come_into_a_form_that_is_being_filled_in(page_as, committed):
	igor = make_staff("appraisal-b-igor", "Dealer Appraiser")
	deal = make_deal(pipeline="Used Cars", needs_appraisal=1, appraiser=igor)
	appraisal = frappe.get_doc("Vehicle Appraisal", {"deal": deal.name})
	appraisal.vin = free_vin()
	appraisal.save()
	question = {
		"appraisal": appraisal.name,
		"deal": deal.name,
		"connector": "NHTSA vPIC",
		"vin": appraisal.vin,
	}
	lookup = make_row("VIN Lookup", **question, status="Running", lookup_key=appraisal.name)

	page = page_as(igor)
	page.goto(FORM + appraisal.name)
	page.get_by_role("tab", name="Car", exact=True).click(timeout=30_000)
	expect(page.locator('[data-fieldname="vin_view"]')).to_contain_text("NHTSA vPIC: Running", timeout=30_000)
	color = page.locator('[data-fieldname="color"] input')
	color.fill("Синий")
	page.keyboard.press("Tab")

	frappe.db.rollback()
	fields = {"year": 2021, "power": 375, "color": "White", "model": "Toyota Camry"}
	found = {"fields": fields, "named": "Toyota Camry", "price": {}, "offers": None}
	vin_jobs.record_answer(lookup.name, found)
	frappe.db.commit()

	expect(page.locator('[data-fieldname="power"] input')).to_have_value("375", timeout=30_000)
	expect(color).to_have_value("Синий")
	page.keyboard.press("Control+s")
	expect(page.locator(".indicator-pill", has_text="Not Saved")).to_have_count(0, timeout=30_000)
	frappe.db.rollback()
	stored = frappe.get_doc("Vehicle Appraisal", appraisal.name)
	assert (stored.year, stored.power, stored.model) == (2021, 375, "Toyota Camry")
	assert stored.color == "Синий", "what was being typed is not lost"
