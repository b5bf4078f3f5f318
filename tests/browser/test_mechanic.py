"""The mechanic's page on a phone: work goes on without a connection, and nothing is counted twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from factories import make_agreed_order, make_staff
from PIL import Image
from playwright.sync_api import expect

import frappe


@pytest.fixture
def job(committed) -> tuple[str, str]:
	"""(mechanic, order) with one job."""
	mechanic = make_staff("phone-mechanic", "Dealer Mechanic")
	order = make_agreed_order(
		labour=[{"description": "Замена колодок", "hours": 2, "rate": 1500, "mechanic": mechanic}]
	)
	return mechanic, order.name


def times(order: str) -> list:
	frappe.db.rollback()
	return frappe.get_all(
		"Mechanic Time", {"work_order": order}, ["ended_by", "running_guard"], order_by="started_at"
	)


@pytest.mark.requirement("R212", "R113")
def test_a_mechanic_works_without_a_connection(page_as, job, tmp_path: Path):
	mechanic, order = job
	page = page_as(mechanic, phone=True)
	page.goto("/app/garage")
	card = page.locator(".garage-job")
	expect(card).to_contain_text("Замена колодок")
	expect(page.locator(".garage-page")).not_to_contain_text(re.compile("1[,. ]?500|3[,. ]?000"))
	assert page.evaluate("document.documentElement.scrollWidth") <= 390

	card.get_by_role("button", name="Start").click()
	expect(card).to_contain_text("In Work")
	expect(page.locator(".garage-unsent")).to_have_count(0)
	assert [time.running_guard for time in times(order)] == [mechanic]

	page.context.set_offline(True)
	card.get_by_role("button", name="Pause").click()
	expect(card).to_contain_text("Paused")
	card.get_by_role("button", name="Continue").click()
	expect(card).to_contain_text("In Work")
	card.get_by_role("button", name="Ask for a Part").click()
	dialog = page.locator(".modal.show")
	dialog.locator("[data-fieldname=text] input").fill("Болт М8")
	dialog.get_by_role("button", name="Ask", exact=True).click()
	expect(card).to_contain_text("Болт М8")
	picture = tmp_path / "photo.jpg"
	Image.new("RGB", (2400, 1200), "blue").save(picture)
	with page.expect_file_chooser() as chooser:
		card.get_by_role("button", name="Photo").click()
	chooser.value.set_files(picture)
	expect(card).to_contain_text("(1)")
	card.get_by_role("button", name="Finish").click()
	expect(card).to_contain_text("Done")
	expect(page.locator(".garage-bar")).to_contain_text("No connection")
	expect(page.locator(".garage-unsent")).to_contain_text("5")
	assert len(times(order)) == 1

	page.context.set_offline(False)
	expect(page.locator(".garage-unsent")).to_have_count(0, timeout=30_000)
	expect(page.locator(".garage-bar")).to_contain_text("Connected")
	assert [time.ended_by for time in times(order)] == ["Pause", "Finish"]
	doc = frappe.get_doc("Service Work Order", order)
	assert doc.labour[0].state == "Done"
	assert [request.requested_text for request in doc.part_requests] == ["Болт М8"]
	assert len(doc.photos) == 1
	assert doc.stage == "Quality Check"


@pytest.mark.requirement("R212")
def test_what_was_noted_survives_a_closed_page_and_a_lost_answer(page_as, job):
	mechanic, order = job
	page = page_as(mechanic, phone=True)
	page.goto("/app/garage")
	card = page.locator(".garage-job")
	expect(card).to_be_visible()
	# The server takes the event, its answer never comes.
	taken = []

	def lose_the_answer(route):
		if not taken:
			taken.append(page.context.request.fetch(route.request))
		route.abort()

	page.route("**/*mechanic_api.sync", lose_the_answer)
	card.get_by_role("button", name="Start").click()
	expect(page.locator(".garage-bar")).to_contain_text("No connection")
	assert taken[0].ok
	assert len(times(order)) == 1
	card.get_by_role("button", name="Pause").click()
	expect(page.locator(".garage-unsent")).to_contain_text("2")
	page.unroute("**/*mechanic_api.sync")
	page.reload()
	expect(page.locator(".garage-job")).to_contain_text("Paused")
	expect(page.locator(".garage-unsent")).to_have_count(0)
	assert [time.ended_by for time in times(order)] == ["Pause"]
