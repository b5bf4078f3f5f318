"""A robot's form: the builder, the preview, the replay; "Why did nothing happen?" on a deal."""

from __future__ import annotations

import pytest
from factories import make_pipeline, make_pipeline_deal, make_robot, make_staff
from playwright.sync_api import expect

import frappe

from auto_dealer.robots import load_robots


@pytest.fixture
def manager(committed) -> str:
	frappe.db.sql("update `tabStage Robot` set is_enabled = 0")
	make_pipeline()
	return make_staff("robot-manager", "Dealer Sales Manager")


@pytest.mark.requirement("R247")
def test_a_robot_is_built_tried_and_explained(page_as, manager):
	robot = make_robot(stage="Drive", condition="amount > 1000", subject="Стадия {{ doc.title }}")
	deal = make_pipeline_deal(responsible=manager, amount=500)
	deal.stage = "Drive"
	deal.save()
	frappe.db.commit()
	load_robots.forget()

	page = page_as(make_staff("robot-admin", "Dealer Administrator"))
	page.goto(f"/app/stage-robot/{robot.name}")
	page.get_by_role("button", name="Build the Condition").click()
	builder = page.locator(".modal.show")
	builder.locator(".field").select_option("object_kind")
	builder.locator(".operator").select_option("==")
	builder.locator(".value").fill('Truck "8"')
	builder.get_by_role("button", name="Add a Row").click()
	builder.locator(".field").nth(1).select_option("has_photo")
	builder.locator(".operator").nth(1).select_option("empty")
	builder.get_by_role("button", name="Use").click()
	page.wait_for_function(
		'cur_frm.doc.condition === \'object_kind == "Truck \\\\"8\\\\"" and not has_photo\''
	)
	page.evaluate("cur_frm.set_value('condition', 'amount > 1000')")

	page.get_by_role("button", name="Replay on the Last Days").click()
	replay = page.locator(".modal.show")
	replay.get_by_role("button", name="Replay", exact=True).click()
	expect(replay).to_contain_text("would have run 0 times")
	expect(replay).to_contain_text("amount = 500, so “amount > 1000” was false: 1")
	expect(replay).to_contain_text("Nothing was sent or changed.")
	replay.locator(".btn-modal-close").click()

	page = page_as(manager)
	page.goto(f"/app/auto-deal/{deal.name}")
	page.wait_for_selector(".dealer-stage", timeout=30_000)
	page.locator(".menu-btn-group button").first.click()
	page.get_by_role("link", name="Why did nothing happen?").click()
	log = page.locator(".modal.show")
	expect(log).to_contain_text("amount = 500, so “amount > 1000” was false")
	expect(log).to_contain_text("Did Not Run")
