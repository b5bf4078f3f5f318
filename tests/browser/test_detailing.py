"""Detailing in the browser: the manager starts it, the price goes back and forth, the car goes to detailing."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from factories import make_pipeline_deal, make_preparation_staff, make_vehicle
from playwright.sync_api import expect

import frappe

from auto_dealer.notices import action_link
from auto_dealer.pipelines.move_deal import move_deal

SLOW = 30_000


@pytest.fixture
def staff(committed) -> dict:
	return make_preparation_staff(2)


@pytest.fixture
def deal(staff) -> str:
	vehicle = make_vehicle(frame_number="BROWSER00001").name
	deal = make_pipeline_deal("Buyout", responsible=staff["author"], vehicle=vehicle, amount=900_000)
	return move_deal(deal.name, "Deal Done").name


def start_from_deal(page, deal: str) -> None:
	"""The manager's dialog: a work, the price, a comment."""
	page.goto(f"/app/auto-deal/{deal}")
	page.get_by_role("button", name="Processes").click(timeout=SLOW)
	page.locator(".dropdown-menu.show").get_by_text("Detailing", exact=True).click()
	dialog = page.locator(".modal.show")
	row = dialog.locator('.grid-row[data-idx="1"]').first
	row.locator('[data-fieldname="work"]').first.click()
	row.locator('input[data-fieldname="work"]').fill("Полировка кузова")
	row.locator('input[data-fieldname="cost"]').fill("12000")
	dialog.locator('[data-fieldname="reply"] textarea').fill("Прошу согласовать")
	dialog.get_by_role("button", name="Start").click()
	expect(page).to_have_url(re.compile("detailing-request"), timeout=SLOW)


def expect_state(page, state: str) -> None:
	expect(page.locator(".page-head .indicator-pill:visible").first).to_contain_text(state, timeout=SLOW)


def send_corrected(page, price: str, comment: str) -> None:
	"""The author reads the leader's comment, corrects the price and sends it again by the form's action."""
	page.reload()
	page.get_by_role("tab", name="Conversation").click(timeout=SLOW)
	expect(page.locator(".dealer-turn").first).to_contain_text("Дорого")
	page.get_by_role("tab", name="Request").click()
	page.locator('input[data-fieldname="price"]').fill(price)
	page.locator('input[data-fieldname="price"]').blur()
	page.locator('textarea[data-fieldname="reply"]').fill(comment)
	page.locator('textarea[data-fieldname="reply"]').blur()
	page.get_by_role("button", name="Save", exact=True).click()
	page.locator(".actions-btn-group button").click(timeout=SLOW)
	page.locator(".actions-btn-group .dropdown-menu").get_by_text("Send", exact=True).click()


def return_from_notice(page, notice: str, comment: str) -> None:
	"""The leader opens the notice from the bell and sends it back in one tap."""
	page.goto(f"/app/staff-notice/{notice}")
	panel = page.locator(".dealer-notice")
	expect(panel).to_contain_text("Полировка кузова", timeout=SLOW)
	panel.get_by_role("button", name="Return for correction").click()
	dialog = page.locator(".modal.show")
	dialog.locator("textarea").fill(comment)
	dialog.get_by_role("button", name="Return for correction").click()


def notice_of(request, action: str) -> str:
	frappe.db.rollback()
	return frappe.get_all(
		"Staff Notice",
		{"reference_name": request.name, "action": f"detailing.{action}"},
		pluck="name",
		order_by="creation desc",
	)[0]


@pytest.mark.requirement("R159", "R160", "R162", "R163", "R164", "R165")
def test_the_price_goes_back_and_forth_until_it_is_agreed(page_as, staff, deal):
	manager, boss = page_as(staff["author"]), page_as(staff["leaders"][0], phone=True)
	start_from_deal(manager, deal)
	expect_state(manager, "Price Approval")
	frappe.db.rollback()
	request = frappe.get_doc("Detailing Request", {"deal": deal})
	return_from_notice(boss, notice_of(request, "approve_price"), "Дорого, просим скидку")
	manager.wait_for_timeout(2000)
	frappe.db.rollback()
	request.reload()
	assert (request.state, request.price_leader) == ("Correction", staff["leaders"][0])

	send_corrected(manager, "870000", "Снизил")
	expect_state(manager, "Price Approval")

	# The second time the leader agrees above the form of the request.
	boss.goto(f"/app/detailing-request/{request.name}")
	boss.locator(".dealer-notice").get_by_role("button", name="Agreed").click(timeout=SLOW)
	expect(boss.locator(".dealer-notice:visible")).to_have_count(0, timeout=SLOW)
	frappe.db.rollback()
	request.reload()
	assert (request.state, request.agreed_price, request.round) == ("Hand Over to Detailing", 870_000, 2)
	assert [(row.what, row.text) for row in request.conversation] == [
		("Sent", "Прошу согласовать"),
		("Returned", "Дорого, просим скидку"),
		("Sent", "Снизил"),
		("Agreed", ""),
	]
	manager.goto(f"/app/auto-deal/{deal}")
	expect(manager.locator(".dealer-process")).to_contain_text("Hand Over to Detailing", timeout=SLOW)


@pytest.mark.requirement("R166", "R167")
def test_the_administrator_gives_the_date_on_the_page_of_the_mails_link(
	page_as, staff, deal, browser, site_url
):
	from auto_dealer.notices.react import react
	from auto_dealer.processes.start import start

	frappe.set_user(staff["author"])
	request = frappe.get_doc(
		"Detailing Request", start("Detailing", deal, {"works": [{"work": "Полировка"}]})
	)
	frappe.set_user("Administrator")
	react(notice_of_open(request, "approve_price"), staff["leaders"][0], "approve")
	token = action_link.create_link(notice_of_open(request, "accept"), staff["administrator"])
	frappe.db.commit()
	address = urlsplit(action_link.address_of(token))
	context = browser.new_context(base_url=site_url, viewport={"width": 390, "height": 844})
	guest = context.new_page()
	guest.goto(f"{address.path}?{address.query}")
	guest.locator("input[type=datetime-local]").fill("2031-05-05T18:00")
	guest.get_by_role("button", name="I have read it").click()
	expect(guest.locator("main")).to_contain_text("Thank you", timeout=SLOW)
	context.close()
	frappe.db.rollback()
	request.reload()
	assert (request.state, str(request.due_at)) == ("Detailing", "2031-05-05 18:00:00")
	assert frappe.db.get_value("ToDo", request.task, "allocated_to") == staff["administrator"]
	assert frappe.db.get_value("Auto Deal", deal, "stage") == "Detailing"


def notice_of_open(request, action: str) -> str:
	"""Of this transaction."""
	return frappe.db.get_value(
		"Staff Notice", {"reference_name": request.name, "action": f"detailing.{action}"}
	)
