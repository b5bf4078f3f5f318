"""The card of a deal, in Russian and on a phone; quick search; the whole way from a web form to a won deal."""

from __future__ import annotations

import pytest
import requests
from board_page import BoardPage, choose_link, primary
from factories import make_channel, make_deal, make_department, make_staff, make_vehicle
from playwright.sync_api import expect

import frappe

from auto_dealer.channels.tokens import make_token


@pytest.fixture
def manager(committed) -> str:
	department = make_department("Form Sales")
	frappe.get_doc("Deal Pipeline", "New Cars").update({"department": department}).save()
	return make_staff("Form Manager", "Dealer Sales Manager", department=department)


def open_deal(page, deal: str) -> None:
	page.goto(f"/app/auto-deal/{deal}")
	page.wait_for_selector(".dealer-stage", timeout=30_000)


@pytest.mark.requirement("R16", "R30", "R33", "R44", "R45", "R49")
def test_from_a_web_form_to_a_won_deal(page_as, manager, live, site_url, jobs):
	make_channel("Site Form", department=make_department("Form Sales"))
	token = make_token("Site Form")
	frappe.db.commit()
	car = make_vehicle(vin="XTA210990Y2765433", year=2024)
	event = {
		"external_id": "1",
		"kind": "web_form",
		"phone": "+79165550101",
		"name": "Анна Формова",
		"text": "Хочу Camry",
	}
	answer = requests.post(
		f"{live.url}/api/method/auto_dealer.channels.api.intake",
		json={"channel": "Site Form", **event},
		headers={"X-Channel-Token": token, "X-Frappe-Site-Name": live.site},
		timeout=30,
	)
	assert answer.ok, answer.text
	jobs.work_off()
	deal = frappe.db.get_value("Auto Deal", {"client_name": "Анна Формова"})

	page = page_as(manager)
	board = BoardPage(page).open()
	board.expect_in("Unsorted", deal)
	board.take(deal)
	board.expect_in("Vehicle Selection", deal)
	board.drag(deal, "Contract")
	gate = board.gate()
	gate.locator("[data-fieldname=amount] input").fill("3100000")
	choose_link(gate, "vehicle", car.title)
	primary(gate).click()
	board.expect_moved("Contract", deal)
	expect(page.locator(".modal-backdrop")).to_have_count(0)
	board.drag(deal, "Won")
	board.expect_moved("Won", deal)

	frappe.db.rollback()
	saved = frappe.get_doc("Auto Deal", deal)
	assert (saved.result, saved.is_closed, saved.responsible) == ("Won", 1, manager)
	log = frappe.get_all("Deal Stage Log", {"deal": deal}, ["to_stage", "changed_by"], order_by="changed_at")
	assert [row.to_stage for row in log] == ["Unsorted", "Vehicle Selection", "Contract", "Won"]
	open_deal(page, deal)
	page.locator("#auto-deal-tab_history-tab").click()
	expect(page.locator("[data-fieldname=history_view]")).to_contain_text("Contract → Won")


@pytest.mark.requirement("R25", "R26", "R27", "R30", "R31")
def test_the_deals_card_in_russian(page_as, manager):
	deal = make_deal(
		client_name="Анна Петрова",
		phone="+79161234567",
		responsible=manager,
		stage="Vehicle Selection",
		amount=2_500_000,
	).name
	late = frappe.utils.add_to_date(None, hours=-30)
	frappe.db.set_value(
		"Auto Deal",
		deal,
		{"stage_changed_at": late, "stage_deadline": frappe.utils.add_to_date(None, hours=-6)},
	)
	page = page_as(manager, language="ru")
	open_deal(page, deal)
	bar = page.locator(".dealer-stage-bar")
	expect(bar.locator("[aria-current]")).to_have_text("Выбор автомобиля")
	expect(bar).to_contain_text("Следующий шаг")
	expect(bar.locator(".dealer-overdue")).to_contain_text("Просрочено на 6")
	for tab in ("Общие", "Кредит", "Оценка", "Документы", "Связи", "История"):
		expect(page.locator(".form-tabs .nav-link", has_text=tab)).to_be_visible()
	for action in ("Комментарий", "Пригласить к обсуждению", "Создать дело"):
		expect(page.locator(".dealer-actions", has_text=action)).to_be_visible()
	expect(page.locator("[data-fieldname=client_name] input").first).to_have_value("Анна Петрова")
	expect(page.locator(".actions-btn-group:visible")).to_have_count(0)

	page.get_by_role("button", name="Далее: Тест-драйв").click()
	expect(bar.locator("[aria-current]")).to_have_text("Тест-драйв", timeout=15_000)
	frappe.db.rollback()
	assert frappe.db.get_value("Auto Deal", deal, "stage") == "Test Drive"


@pytest.mark.requirement("R27")
def test_comment_activity_and_invitation_from_one_panel(page_as, manager):
	colleague = make_staff("Form Colleague", "Dealer Sales Head", department=make_department("Form Sales"))
	deal = make_deal(responsible=manager, stage="Vehicle Selection").name
	page = page_as(manager)
	open_deal(page, deal)
	page.locator(".dealer-actions [data-action=activity]").click()
	dialog = page.locator(".modal.show")
	dialog.locator("[data-fieldname=subject] input").fill("Позвонить клиенту")
	primary(dialog).click()
	expect(dialog).to_be_hidden()

	page.locator(".dealer-actions [data-action=invite]").click()
	dialog = page.locator(".modal.show")
	choose_link(dialog, "user", colleague)
	dialog.locator("textarea").fill("Посмотри, пожалуйста")
	primary(dialog).click()
	expect(dialog).to_be_hidden()
	expect(page.locator(".new-timeline")).to_contain_text("Посмотри, пожалуйста")

	frappe.db.rollback()
	assert frappe.db.exists(
		"Event Participants", {"reference_doctype": "Auto Deal", "reference_docname": deal}
	)
	comment = frappe.get_last_doc("Comment", {"reference_name": deal, "comment_type": "Comment"})
	assert colleague in comment.content


@pytest.mark.requirement("R12", "R13")
def test_a_deal_without_a_lead_is_offered_one(page_as, manager):
	page = page_as(manager)
	page.goto("/app/auto-deal/new")
	page.wait_for_selector(".form-layout:visible")
	page.locator("[data-fieldname=client_name]:visible input").fill("Олег Безлидов")
	choose_link(page.locator(".form-layout:visible"), "pipeline", "New Cars")
	page.keyboard.press("Control+s")
	dialog = page.locator(".modal.show", has_text="A Deal Needs a Lead")
	expect(dialog).to_be_visible(timeout=15_000)
	frappe.db.rollback()
	assert not frappe.db.exists("Auto Deal", {"client_name": "Олег Безлидов"})
	primary(dialog).click()
	page.wait_for_url("**/auto-deal/D-*")
	frappe.db.rollback()
	saved = frappe.get_doc("Auto Deal", {"client_name": "Олег Безлидов"})
	assert frappe.db.get_value("Auto Lead", saved.lead, "status") == "Converted"


@pytest.mark.requirement("R144", "R145")
def test_quick_search_finds_the_client_by_the_end_of_the_phone(page_as, manager):
	deal = make_deal(client_name="Зинаида Искомая", phone="+79167778899", responsible=manager).name
	page = page_as(manager)
	page.goto("/app/client-search")
	page.locator(".dealer-search-page input").fill("7778899")
	expect(page.locator(".dealer-search-result", has_text=deal)).to_be_visible(timeout=15_000)

	page.keyboard.press("Alt+q")
	dialog = page.locator(".dealer-quick-search.show")
	dialog.locator("input").fill("искомая")
	expect(dialog.locator(".dealer-search-result", has_text=deal)).to_be_visible(timeout=15_000)
	page.keyboard.press("ArrowDown")
	page.keyboard.press("Escape")
	expect(dialog).to_be_hidden()

	page.locator("#navbar-search").fill("7778899")
	line = page.locator(".awesomplete li", has_text="Зинаида Искомая").first
	expect(line).to_be_visible(timeout=15_000)


def test_the_board_and_the_form_on_a_phone(page_as, manager):
	deal = make_deal(client_name="Анна Карманова", responsible=None).name
	page = page_as(manager, language="ru", phone=True)
	board = BoardPage(page).open()
	expect(board.card(deal)).to_be_visible()
	assert page.evaluate("document.documentElement.scrollWidth") <= 390
	assert board.column("Unsorted").bounding_box()["width"] < 390
	expect(page.locator(".dealer-filter-responsible")).to_be_hidden()
	page.locator(".dealer-filter-toggle").click()
	expect(page.locator(".dealer-filter-responsible")).to_be_visible()
	page.locator(".dealer-filter-toggle").click()
	page.locator(".dealer-columns").evaluate("area => area.scrollBy(320, 0)")
	expect(board.column("Vehicle Selection").locator(".dealer-column-head")).to_be_in_viewport()
	page.locator(".dealer-columns").evaluate("area => area.scrollTo(0, 0)")

	board.card(deal).tap(position={"x": 60, "y": 40})
	page.wait_for_url(f"**/auto-deal/{deal}")
	form = page.locator("[id='page-Auto Deal']")  # the board behind it has such buttons too
	form.get_by_role("button", name="Взять в работу").tap()
	expect(page.locator(".dealer-stage[aria-current]")).to_have_text("Выбор автомобиля", timeout=15_000)
	assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.requirement("R48")
def test_a_repeat_client_brings_the_past_into_the_deal(page_as, manager):
	old = make_deal(
		client_name="Игорь Прежний", phone="+79164443322", responsible=manager, stage="Vehicle Selection"
	)
	car = make_vehicle(vin="XTA210990Y2765434", owner_contact=old.contact)
	reason = frappe.get_all("Lost Reason", {"is_enabled": 1, "applies_to": ("!=", "Leads")}, pluck="name")[0]
	old.update({"stage": "Lost", "lost_reason": reason}).save()
	new = make_deal(client_name="", phone="8 916 444 33 22", responsible=manager, stage="Vehicle Selection")
	page = page_as(manager)
	open_deal(page, new.name)
	expect(page.locator("[data-fieldname=client_name] input").first).to_have_value("Игорь Прежний")
	page.locator("#auto-deal-tab_service-tab").click()
	service = page.locator("[data-fieldname=service_history]")
	expect(service).to_contain_text(old.name if old.title is None else old.title)
	expect(service).to_contain_text(car.vin)
