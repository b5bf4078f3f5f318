"""The quick list of services on a phone, and norms from a file in the desk."""

from __future__ import annotations

import pytest
from factories import (
	make_labour_norm,
	make_labour_operation,
	make_labour_rate,
	make_service_offering,
	make_staff,
)
from playwright.sync_api import expect

import frappe


@pytest.mark.requirement("R196", "R198")
def test_services_are_found_priced_and_booked_on_a_phone(page_as, committed):
	for name in frappe.get_all("Service Offering", pluck="name"):
		frappe.db.set_value("Service Offering", name, "is_active", 0)
	frappe.db.delete("Labour Rate")
	make_labour_rate(2000)
	operation = make_labour_operation("Browser Brakes", default_hours=1)
	make_labour_norm(operation, 0.5, make="Toyota")
	make_service_offering("Browser Wash", price=700, duration_minutes=30, is_popular=1)
	make_service_offering(
		"Browser Brake Job",
		group="Browser Repair",
		price_kind="From Norms",
		duration_minutes=0,
		search_words="колодки",
		operations=[{"operation": operation, "qty": 1}],
	)
	advisor = make_staff("Service List Advisor", "Dealer Service Advisor")
	frappe.db.commit()

	page = page_as(advisor, phone=True)
	page.goto("/app/service-list")
	rows = page.locator(".service-list-row")
	expect(rows).to_have_count(2, timeout=30_000)
	expect(rows.first).to_contain_text("Browser Wash")
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

	page.locator(".service-list input[type=search]").fill("колодки")
	expect(rows).to_have_count(1)
	rows.first.click()
	plan = page.locator(".service-list-plan")
	expect(plan).to_contain_text("1 h")
	plan.locator("summary").click()
	expect(plan).to_contain_text("None of its 1 norms fits a car that is not named")

	page.locator(".service-list input[type=search]").fill("")
	page.locator(".service-list-group", has_text="Test Group").click()
	expect(rows).to_have_count(1)
	rows.first.click()
	expect(plan).to_contain_text("1 h 30 min")
	plan.get_by_role("button", name="Book a Visit").click()
	page.wait_for_url("**/app/service-booking/new-**", timeout=30_000)
	assert page.evaluate("cur_frm.doc.offerings.map((row) => row.offering).sort().join()") == (
		"Browser Brake Job,Browser Wash"
	)


@pytest.mark.requirement("R209")
def test_norms_are_written_after_they_were_looked_at(page_as, committed):
	administrator = make_staff("Norm Administrator", "Dealer Administrator")
	run = frappe.get_doc({"doctype": "Labour Norm Import", "title": "Browser"}).insert()
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "browser-norms.csv",
			"attached_to_doctype": run.doctype,
			"attached_to_name": run.name,
			"is_private": 1,
			"content": "Работа;Марка;Нормо-часы\nБраузер: ремень;Тойота;2,5\nБраузер: ремень;Нет такой;1\n",
		}
	).insert()
	run.file = file.file_url
	run.save()
	frappe.db.commit()

	page = page_as(administrator)
	page.goto(f"/app/labour-norm-import/{run.name}")
	form = page.locator(".page-container:visible")
	form.get_by_role("button", name="Check the File").click()
	table = form.locator("[data-fieldname=preview] table")
	expect(table).to_contain_text("Toyota", timeout=20_000)
	expect(table).to_contain_text("No make is called Нет такой")
	frappe.db.rollback()
	assert not frappe.db.exists("Labour Operation", "Браузер: ремень")

	form.get_by_role("button", name="Write the Norms").click()
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text("1 rows with errors are left out")
	dialog.get_by_role("button", name="Yes").click()
	expect(form.locator(".indicator-pill").first).to_contain_text("Imported", timeout=20_000)
	frappe.db.rollback()
	assert frappe.db.get_value("Labour Norm", {"operation": "Браузер: ремень"}, ["make", "hours"]) == (
		"Toyota",
		2.5,
	)
