"""Payments in the browser: the button on the deal, the tab with what has come and what is to come, the guided way."""

from __future__ import annotations

import pytest
from factories import free_phone, make_contact, make_deal, make_staff
from playwright.sync_api import expect

import frappe


@pytest.fixture
def deal(committed):
	manager = make_staff("payments-olga", "Dealer Sales Manager")
	contact = make_contact("Roman Payer", phones=[free_phone()])
	deal = make_deal(
		pipeline="Body Repair",
		responsible=manager,
		contact=contact.name,
		client_kind="Private Person",
		object_kind="Truck",
		amount=10_000,
	)
	frappe.db.set_value("Auto Deal", deal.name, "stage", "Agreement")
	return deal


@pytest.mark.requirement("R187", "R189", "R191", "R192")
def test_a_manager_invoices_and_confirms_payments(page_as, deal):
	page = page_as(deal.responsible)
	page.goto(f"/app/auto-deal/{deal.name}")
	page.get_by_role("tab", name="Payments").click(timeout=30_000)
	tab = page.locator(".dealer-payments")
	expect(tab).to_contain_text("Left to Pay", timeout=30_000)

	tab.get_by_role("button", name="Create Invoice").click()
	dialog = page.locator(".modal.show")
	dialog.locator("select[data-fieldname=kind]").select_option("share")
	dialog.get_by_role("button", name="Create", exact=True).click()
	made = page.locator(".modal.show", has_text="Client's Link")
	expect(made.locator("[data-fieldname=url]")).to_contain_text("/i/", timeout=30_000)
	made.locator(".modal-header .btn-modal-close").click()
	expect(tab).to_contain_text("To Come", timeout=30_000)
	expect(tab).to_contain_text("Prepayment")

	tab.get_by_role("button", name="Confirm Payment").click()
	dialog = page.locator(".modal.show", has_text="How It Was Paid")
	amount = dialog.locator(".grid-row[data-idx='1'] [data-fieldname=amount]")
	amount.click()
	amount.locator("input").fill("5000")
	dialog.get_by_role("button", name="Confirm", exact=True).click()
	expect(tab).to_contain_text("Received", timeout=30_000)
	expect(tab.locator("h5", has_text="To Come")).to_have_count(0)
	frappe.db.rollback()
	sums = frappe.db.get_value("Auto Deal", deal.name, ["paid_amount", "outstanding_amount"])
	assert sums == (5_000, 5_000)


@pytest.mark.requirement("R76", "R77", "R79")
def test_the_guided_way_ends_with_waiting_for_the_car(page_as, deal):
	page = page_as(deal.responsible)
	page.goto(f"/app/auto-deal/{deal.name}")
	page.get_by_role("button", name="Payments").click(timeout=30_000)
	page.get_by_role("link", name="Invoice and Wait for the Car").click()
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text("Split the invoice in half?", timeout=30_000)
	dialog.locator("select[data-fieldname=is_split]").select_option("1")
	dialog.get_by_role("button", name="All OK, Go On").click()
	expect(page.locator(".dealer-payments")).to_contain_text("Prepayment", timeout=30_000)
	frappe.db.rollback()
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "Waiting for the Car"
