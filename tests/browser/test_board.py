"""The board: where a head of sales and the managers work through the day."""

from __future__ import annotations

import base64

import pytest
from board_page import BoardPage, choose_link, primary
from factories import make_deal, make_department, make_staff, make_vehicle
from playwright.sync_api import expect

import frappe

ONE_PIXEL = base64.b64decode(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def manager(committed) -> str:
	"""A sales manager of a department that owns the pipeline New Cars."""
	department = make_department("Board Sales")
	frappe.get_doc("Deal Pipeline", "New Cars").update({"department": department}).save()
	return make_staff("Board Manager", "Dealer Sales Manager", department=department)


@pytest.fixture
def head(manager) -> str:
	return make_staff("Board Head", "Dealer Sales Head", department=make_department("Board Sales"))


def stage_of(deal: str) -> str:
	frappe.db.rollback()
	return frappe.db.get_value("Auto Deal", deal, "stage")


@pytest.mark.requirement("R30", "R31", "R33", "R34", "R35", "R36", "R37")
def test_one_button_switches_between_board_and_list(page_as, manager):
	client = "Виктор Переключатель"
	deal = make_deal(
		client_name=client, responsible=manager, stage="Vehicle Selection", amount=1_250_000
	).name
	page = page_as(manager)
	page.goto("/app/deals-board")
	board = BoardPage(page)
	board.expect_in("Vehicle Selection", deal)
	expect(board.column("Unsorted").locator(".dealer-card")).to_have_count(0)
	expect(board.card(deal)).to_contain_text("1,250,000")
	expect(board.card(deal)).to_contain_text(
		frappe.get_doc("Deal Pipeline", "New Cars").stages[1].next_step.splitlines()[0][:40]
	)

	page.get_by_role("checkbox", name="Hide empty stages").check()
	expect(board.column("Payment")).to_be_hidden()
	expect(board.column("Vehicle Selection")).to_be_visible()
	page.get_by_role("checkbox", name="Hide empty stages").uncheck()
	expect(board.column("Payment")).to_be_visible()

	page.locator(".page-head:visible .dealer-switch").click()
	page.wait_for_selector(".list-row-container")
	page.wait_for_url("**pipeline=New+Cars**")
	expect(page.locator(".result .list-row", has_text=client)).to_be_visible()
	page.locator(".page-head:visible .dealer-switch").click()
	board.expect_in("Vehicle Selection", deal)

	page.locator(".dealer-filter-pipeline select").select_option("Used Cars")
	expect(page.locator(".dealer-column")).to_have_count(10)
	expect(board.card(deal)).to_have_count(0)
	assert page.url.endswith("Used%20Cars")


@pytest.mark.requirement("R33", "R45")
def test_the_gate_asks_and_the_card_goes_back_when_nothing_is_given(page_as, manager):
	deal = make_deal(responsible=None).name
	car = make_vehicle(vin="XTA210990Y2765432", year=2024)
	page = page_as(manager)
	board = BoardPage(page).open()
	board.take(deal)
	board.expect_in("Vehicle Selection", deal)

	board.drag(deal, "Contract")
	board.cancel_gate()
	board.expect_in("Vehicle Selection", deal)
	assert stage_of(deal) == "Vehicle Selection"

	board.drag(deal, "Contract")
	gate = board.gate()
	gate.locator("[data-fieldname=amount] input").fill("2350000")
	choose_link(gate, "vehicle", car.title)
	primary(gate).click()
	board.expect_moved("Contract", deal)
	frappe.db.rollback()
	saved = frappe.get_doc("Auto Deal", deal)
	assert (saved.stage, saved.amount, saved.vehicle) == ("Contract", 2_350_000, car.name)


@pytest.mark.requirement("R33", "R58")
def test_the_gate_takes_a_photo(page_as, manager):
	deal = make_deal(pipeline="Body Repair", responsible=manager).name
	page = page_as(manager)
	board = BoardPage(page).open("Body Repair")
	board.focus(deal)
	page.keyboard.press("Shift+ArrowRight")
	gate = board.gate()
	primary(gate).click()
	expect(gate).to_contain_text("Please attach a photo first")
	gate.get_by_role("button", name="Attach a Photo").click()
	uploader = page.locator(".modal.show", has=page.locator(".file-upload-area"))
	uploader.locator("input[type=file]").first.set_input_files(
		{"name": "dent.png", "mimeType": "image/png", "buffer": ONE_PIXEL}
	)
	uploader.get_by_role("button", name="Upload", exact=True).click()
	expect(gate.locator(".dealer-photo")).to_be_visible(timeout=15_000)
	primary(gate).click()
	board.expect_moved("Inspection/Photo", deal)
	assert stage_of(deal) == "Inspection/Photo"


@pytest.mark.requirement("R33")
def test_a_lost_deal_names_its_reason(page_as, manager):
	deal = make_deal(responsible=manager, stage="Vehicle Selection").name
	reason = frappe.get_all("Lost Reason", {"is_enabled": 1, "applies_to": ("!=", "Leads")}, pluck="name")[0]
	page = page_as(manager)
	board = BoardPage(page).open()
	board.focus(deal)
	page.keyboard.press("m")
	page.locator(".modal.show select[data-fieldname=stage]").select_option("Lost")
	primary(page.locator(".modal.show")).click()
	gate = board.gate()
	choose_link(gate, "lost_reason", reason)
	primary(gate).click()
	board.expect_moved("Lost", deal)
	frappe.db.rollback()
	assert frappe.db.get_value("Auto Deal", deal, ["result", "lost_reason"]) == ("Lost", reason)


@pytest.mark.requirement("R33")
def test_the_board_is_worked_without_a_mouse(page_as, manager):
	first = make_deal(responsible=manager, stage="Vehicle Selection", client_name="Первый").name
	second = make_deal(responsible=manager, stage="Test Drive", client_name="Второй").name
	page = page_as(manager)
	board = BoardPage(page).open()
	board.expect_in("Test Drive", second)
	board.focus(first)
	page.keyboard.press("ArrowRight")
	assert board.focused() == second
	page.keyboard.press("Shift+ArrowRight")
	board.expect_moved("Trade-in and Credit", second)
	page.wait_for_function("name => document.activeElement.dataset.name === name", arg=second)
	assert stage_of(second) == "Trade-in and Credit"
	page.keyboard.press("Enter")
	page.wait_for_url(f"**/auto-deal/{second}")


@pytest.mark.requirement("R32")
def test_what_a_colleague_does_appears_by_itself(page_as, manager, head, live):
	deal = make_deal(responsible=manager, stage="Vehicle Selection").name
	page = page_as(head)
	board = BoardPage(page).open()
	board.expect_in("Vehicle Selection", deal)
	page.wait_for_function("window.frappe?.realtime?.socket?.connected", timeout=20_000)
	page.wait_for_timeout(500)

	colleague = page_as(manager)
	BoardPage(colleague).open().focus(deal)
	colleague.keyboard.press("Shift+ArrowRight")
	BoardPage(colleague).expect_moved("Test Drive", deal)
	board.expect_in("Test Drive", deal)


@pytest.mark.requirement("R39", "R40", "R46")
def test_a_name_is_enough_for_a_new_deal(page_as, manager):
	page = page_as(manager)
	BoardPage(page).open()
	page.get_by_role("button", name="Add Process").click()
	page.get_by_role("link", name="Create Deal").click()
	dialog = page.locator(".dealer-new-deal.show")
	dialog.locator("[data-fieldname=client_name] input").fill("Пётр Новичков")
	primary(dialog).click()
	card = page.locator(".dealer-card", has_text="Пётр Новичков")
	expect(card).to_be_visible(timeout=15_000)
	frappe.db.rollback()
	saved = frappe.get_doc("Auto Deal", card.get_attribute("data-name"))
	assert (saved.pipeline, saved.responsible) == ("New Cars", manager)
	assert frappe.db.get_value("Auto Lead", saved.lead, "deal") == saved.name


@pytest.mark.requirement("R9", "R10", "R11", "R143")
def test_a_repeat_client_is_named_and_attached(page_as, manager):
	deal = make_deal(client_name="Мария Повторова", phone="+79161112233", responsible=manager)
	page = page_as(manager)
	BoardPage(page).open()
	page.get_by_role("button", name="Add", exact=True).click()
	dialog = page.locator(".dealer-new-deal.show")
	expect(dialog.locator("[data-fieldname=client_name] input")).to_be_focused()
	dialog.locator("[data-fieldname=phone] input").fill("8 (916) 111-22-33")
	expect(dialog.locator(".dealer-duplicates")).to_contain_text("Повторова")
	primary(dialog).click()
	warning = page.locator(".dealer-active-deal.show")
	expect(warning).to_contain_text(deal.name)
	expect(warning).to_contain_text("Board Manager")
	warning.get_by_role("button", name="Attach to This Deal").click()
	expect(dialog).to_be_hidden()
	frappe.db.rollback()
	lead = frappe.get_last_doc("Auto Lead")
	assert (lead.status, lead.deal, lead.is_secondary) == ("Attached to Deal", deal.name, 1)
	assert frappe.db.count("Auto Deal", {"contact": deal.contact}) == 1


def test_a_name_with_markup_stays_text(page_as, manager):
	nasty = "<img src=x onerror=alert(1)>'\"&"
	deal = make_deal(client_name=nasty, responsible=manager, stage="Vehicle Selection").name
	page = page_as(manager)
	page.on("dialog", lambda dialog: pytest.fail("the name ran as a script"))
	board = BoardPage(page).open()
	expect(board.card(deal)).to_contain_text("onerror")
	expect(board.card(deal).locator("img")).to_have_count(0)


@pytest.mark.requirement("R33")
def test_a_column_brings_more_cards_on_scroll(page_as, manager):
	for number in range(25):
		make_deal(responsible=manager, stage="Vehicle Selection", client_name=f"Клиент {number}")
	page = page_as(manager)
	board = BoardPage(page).open()
	cards = board.column("Vehicle Selection").locator(".dealer-card")
	expect(cards).to_have_count(20)
	board.column("Vehicle Selection").locator(".dealer-cards").evaluate(
		"area => area.scrollTo(0, area.scrollHeight)"
	)
	expect(cards).to_have_count(25)
