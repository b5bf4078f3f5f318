"""A contract from the deal's form to the client's link, and the timeline of its car."""

from __future__ import annotations

import pytest
from board_page import primary
from factories import make_deal, make_staff, make_vehicle
from playwright.sync_api import expect

import frappe


@pytest.mark.requirement("R175", "R176", "R177", "R184", "R236")
def test_a_contract_is_made_signed_and_seen_on_the_cars_card(page_as, committed):
	manager = make_staff("Contract Manager", "Dealer Sales Manager")
	car = make_vehicle(vin="XTA210990Y2765433", year=2024).name
	deal = make_deal(pipeline="Used Cars", vehicle=car, amount=990_000, responsible=manager).name
	frappe.db.commit()

	page = page_as(manager)
	page.goto(f"/app/auto-deal/{deal}")
	page.wait_for_selector(".dealer-stage", timeout=30_000)
	page.get_by_role("button", name="Documents").click()
	page.locator(".dropdown-item:visible", has_text="Contract").first.click()
	page.wait_for_url("**/app/dealer-contract/**", timeout=30_000)
	form = page.locator(".page-container:visible")
	expect(form.locator(".title-text")).to_contain_text("КП-")
	expect(form.locator("[data-fieldname=vin]")).to_contain_text("XTA210990Y2765433")
	form.get_by_role("button", name="Sign", exact=True).click()
	primary(page.locator(".modal.show")).click()
	expect(form.locator(".indicator-pill").first).to_contain_text("Signed", timeout=20_000)
	frappe.db.rollback()
	assert frappe.db.get_value("Dealer Contract", {"deal": deal}, "status") == "Signed"

	page.goto(f"/app/auto-vehicle/{car}")
	form = page.locator(".page-container:visible")
	form.get_by_role("tab", name="Timeline").click()
	timeline = form.locator("[data-fieldname=timeline_view] table")
	expect(timeline).to_contain_text("КП-", timeout=20_000)
	expect(timeline).to_contain_text("Used Cars")
