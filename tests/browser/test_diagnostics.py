"""Diagnostics in the browser: one leader takes it, names the visitor; the visitor confirms, fills in and hands over."""

from __future__ import annotations

import pytest
from factories import make_pipeline_deal, make_preparation_staff
from playwright.sync_api import expect

import frappe

from auto_dealer.processes.start import start

SLOW = 30_000


def fill(page, field: str, value: str) -> None:
	place = (
		page.locator(f'.frappe-control[data-fieldname="{field}"]').locator("input, textarea, select").first
	)
	if place.evaluate("element => element.tagName") == "SELECT":
		place.select_option(value)
	else:
		place.fill(value)
	place.blur()


def link(page, field: str, value: str) -> None:
	place = page.locator(f'.modal.show input[data-fieldname="{field}"]')
	place.fill(value)
	page.locator(".modal.show [role=option]", has_text=value).first.click(timeout=SLOW)


@pytest.mark.requirement("R152", "R153", "R154", "R156", "R157")
def test_from_the_leader_to_the_result(page_as, committed):
	staff = make_preparation_staff(2)
	deal = make_pipeline_deal("Buyout", responsible=staff["author"])
	frappe.set_user(staff["author"])
	values = {"vehicle_title": "Toyota Camry", "address": "Москва"}
	request = frappe.get_doc("Diagnostics Request", start("Diagnostics", deal.name, values))
	frappe.set_user("Administrator")

	leader = page_as(staff["leaders"][0])
	leader.goto(f"/app/diagnostics-request/{request.name}")
	leader.locator(".dealer-notice").get_by_role("button", name="I take it").click(timeout=SLOW)
	leader.get_by_role("button", name="Choose the Visitor").click(timeout=SLOW)
	link(leader, "visitor", staff["visitor"])
	leader.locator('.modal.show input[data-fieldname="visit_at"]').fill("05-05-2031 10:00:00")
	leader.locator('.modal.show input[data-fieldname="visit_at"]').blur()
	leader.locator(".modal.show").get_by_role("button", name="Send to the Visit").click()
	expect(leader.locator(".page-head .indicator-pill:visible").first).to_contain_text(
		"Waiting for Confirmation", timeout=SLOW
	)

	visitor = page_as(staff["visitor"], phone=True)
	visitor.goto(f"/app/diagnostics-request/{request.name}")
	visitor.locator(".dealer-notice").get_by_role("button", name="I have read it").click(timeout=SLOW)
	expect(visitor.locator(".page-head .indicator-pill:visible").first).to_contain_text("Visit", timeout=SLOW)
	# The desk shows a changed document anew by itself, once or twice.
	visitor.wait_for_timeout(2500)
	visitor.get_by_role("tab", name="Result").click()
	result = {"actual_mileage": "91000", "condition": "Good", "conclusion": "Buy"}
	for field, value in {**result, "body_result": "Крашен бампер", "technical_result": "Исправен"}.items():
		fill(visitor, field, value)
	visitor.get_by_role("button", name="Save", exact=True).click()
	visitor.locator(".actions-btn-group button").click(timeout=SLOW)
	visitor.locator(".actions-btn-group .dropdown-menu").get_by_text("Give the Result", exact=True).click()

	leader.goto(f"/app/diagnostics-request/{request.name}")
	expect(leader.locator(".dealer-notice")).to_contain_text("Result of the diagnostics", timeout=SLOW)
	leader.locator(".dealer-notice").get_by_role("button", name="I have read it").click()
	expect(leader.locator(".page-head .indicator-pill:visible").first).to_contain_text("Closed", timeout=SLOW)
	frappe.db.rollback()
	request.reload()
	assert (request.state, request.visitor, request.conclusion) == ("Closed", staff["visitor"], "Buy")
	assert str(request.visit_at) == "2031-05-05 10:00:00"
