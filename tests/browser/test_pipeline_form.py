"""The form of a pipeline as an administrator uses it, and the standard Kanban with names that look like HTML."""

from __future__ import annotations

import pytest
from factories import make_pipeline, make_pipeline_deal
from playwright.sync_api import expect

import frappe

PIPELINE = "Browser Pipeline"


def row_of(page, number: int):
	return page.locator(f"[data-fieldname=stages] .grid-body .grid-row[data-idx='{number}']")


@pytest.mark.requirement("R21", "R111")
def test_fields_and_roles_are_chosen_from_lists(page_as):
	make_pipeline(PIPELINE)
	page = page_as("Dealer Administrator")
	page.goto(f"/app/deal-pipeline/{PIPELINE}")
	row_of(page, 2).locator(".btn-open-row").click()
	for button, values in (("Choose Fields", ("amount", "vehicle")), ("Choose Roles", ("Dealer Appraiser",))):
		page.locator(".grid-row-open .stage-picker", has_text=button).click()
		dialog = page.locator(".modal.show")
		for value in values:
			dialog.locator(f"input[data-unit='{value}']").check()
		dialog.locator(".modal-footer .btn-primary:visible, .modal-header .btn-primary:visible").first.click()
		expect(dialog).to_be_hidden()
	page.keyboard.press("Control+s")
	expect(page.locator(".page-head .indicator-pill", has_text="Not Saved")).to_be_hidden()
	page.wait_for_timeout(1500)
	frappe.db.rollback()
	stage = frappe.get_doc("Deal Pipeline", PIPELINE).stages[1]
	assert stage.required_fields.split("\n") == ["amount", "vehicle"]
	assert stage.allowed_roles == "Dealer Appraiser"


@pytest.mark.requirement("R21")
def test_a_stage_with_deals_goes_when_it_is_said_where_to(page_as):
	make_pipeline(PIPELINE)
	deal = make_pipeline_deal(PIPELINE, stage="Drive")
	page = page_as("Dealer Administrator")
	page.goto(f"/app/deal-pipeline/{PIPELINE}")
	row_of(page, 2).locator(".row-check input").check()
	page.locator("[data-fieldname=stages] .grid-remove-rows").click()
	page.keyboard.press("Control+s")
	dialog = page.locator(".modal.show", has_text="Where do the deals go?")
	expect(dialog).to_contain_text("Drive (1)")
	dialog.locator("select").select_option("Contract")
	dialog.locator(".btn-primary:visible").click()
	expect(dialog).to_be_hidden()
	page.wait_for_timeout(2000)
	frappe.db.rollback()
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "Contract"


@pytest.mark.requirement("R33")
def test_a_name_with_html_and_quotes_is_only_text_on_the_standard_kanban(page_as):
	name = '<img src=x onerror="window.hit=1"> "Q" 🚗'
	stages = [{"stage_name": stage} for stage in ("New", name)]
	stages += [{"stage_name": "Won", "kind": "Won"}, {"stage_name": "Lost", "kind": "Lost"}]
	make_pipeline(PIPELINE, stages)
	make_pipeline_deal(PIPELINE)
	page = page_as("Administrator")
	page.goto(f"/app/auto-deal/view/kanban/{PIPELINE}")
	expect(
		page.locator(".kanban-title", has_text="‹img src=x onerror=“window.hit=1”› “Q” 🚗")
	).to_be_visible()
	expect(page.locator(".kanban-card-wrapper")).to_have_count(1)
	assert page.evaluate("window.hit") is None
