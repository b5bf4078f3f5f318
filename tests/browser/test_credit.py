"""Credit in the browser: sent to several banks, offers compared, the deal follows live."""

from __future__ import annotations

import pytest
from factories import make_credit_application, make_lending_bank, make_staff
from playwright.sync_api import expect

import frappe

from auto_dealer.credit import bank_jobs


@pytest.mark.requirement("R90", "R97")
def test_offers_are_compared_and_the_deal_follows_live(page_as, committed):
	olga = make_staff("credit-b-olga", "Dealer Credit Specialist")
	anna = make_staff("credit-b-anna", "Dealer Sales Manager")
	make_lending_bank("Browser A", rate=19)
	make_lending_bank("Browser B", rate=17)
	application = make_credit_application(olga)
	deal = {"responsible": anna, "queue": anna}
	frappe.db.set_value("Auto Deal", application.deal, deal)

	manager = page_as(anna)
	manager.goto(f"/app/auto-deal/{application.deal}")
	manager.get_by_role("tab", name="Credit").click()
	credit = manager.locator(".dealer-credit")
	expect(credit).to_contain_text(f"{application.name}: New", timeout=30_000)

	specialist = page_as(olga)
	specialist.goto(f"/app/credit-application/{application.name}")
	specialist.get_by_role("tab", name="Banks").click(timeout=30_000)
	specialist.get_by_role("button", name="Send to Banks").click()
	dialog = specialist.locator(".modal.show")
	for bank in ("Browser A", "Browser B"):
		dialog.get_by_text(bank).click()
	dialog.get_by_role("button", name="Send", exact=True).click()
	expect(specialist.locator(".credit-comparison")).to_contain_text("Queued", timeout=30_000)
	expect(credit).to_contain_text("Browser B: Queued", timeout=30_000)

	frappe.db.rollback()
	for offer in frappe.get_all("Bank Offer", {"parent": application.name}, pluck="name"):
		bank_jobs.send_one(application.name, offer)
	expect(credit).to_contain_text(f"{application.name}: Bank Decision", timeout=30_000)
	expect(credit).to_contain_text("Browser B: Approved")

	specialist.reload()
	specialist.get_by_role("tab", name="Banks").click(timeout=30_000)
	table = specialist.locator(".credit-comparison")
	rate = table.locator("tr", has_text="Rate, %")
	expect(rate.locator(".credit-best")).to_contain_text("17", timeout=30_000)
	expect(rate.locator(".credit-best")).to_have_count(1)
