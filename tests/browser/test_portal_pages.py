"""The client's pages on a phone of 390 px, in Russian: booking, photos through a lost connection, an estimate answered."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from factories import make_service_booking, make_service_offering, make_service_resource, make_work_order
from PIL import Image
from playwright.sync_api import Page, expect

import frappe

from auto_dealer.portal.link_tokens import ensure_link

WAIT = 20_000


def photo(colour: str) -> dict:
	buffer = io.BytesIO()
	Image.new("RGB", (1200, 900), colour).save(buffer, "JPEG")
	return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


# -- /estimate -------------------------------------------------------------------------------------


@pytest.mark.requirement("R131")
def test_three_photos_through_a_lost_connection(guest_page):
	page = guest_page("/estimate")
	expect(page.get_by_role("heading", name="Оценка ремонта по фото")).to_be_visible()
	page.locator("#files").set_input_files([photo("red")])
	expect(page.locator(".photo.done")).to_have_count(1, timeout=WAIT)
	page.context.set_offline(True)
	page.locator("#files").set_input_files([photo("green"), photo("blue")])
	expect(page.locator("#connection")).to_contain_text("Нет связи", timeout=WAIT)
	page.get_by_label("Что случилось").fill("Въехал в столб задним бампером")
	page.get_by_label("Марка, модель и год автомобиля").fill("Kia Rio, 2019")
	page.get_by_label("Ваше имя").fill("Ирина Ветрова")
	page.get_by_label("Телефон").fill("8 916 123-45-67")
	page.get_by_label(re.compile("Я согласен")).check()
	page.get_by_role("button", name="Отправить").click()
	expect(page.locator("#form-hint")).to_contain_text("уйдёт сама")
	page.context.set_offline(False)
	expect(page.get_by_role("heading", name="Спасибо, фото получены")).to_be_visible(timeout=WAIT)
	frappe.db.rollback()
	(draft,) = frappe.get_all(
		"Estimate Draft", fields=["status", "photo_count", "client_name", "phone", "car"]
	)
	assert (draft.status, draft.photo_count) == ("Sent", 3)
	assert (draft.client_name, draft.car) == ("Ирина Ветрова", "Kia Rio, 2019")
	assert frappe.db.count("Inbound Event", {"kind": "web_form"}) == 1


@pytest.mark.requirement("R131")
def test_a_form_that_was_closed_half_way_is_still_there(guest_page):
	page = guest_page("/estimate")
	page.locator("#files").set_input_files([photo("red")])
	expect(page.locator(".photo.done")).to_have_count(1, timeout=WAIT)
	page.get_by_label("Что случилось").fill("Царапина на двери")
	page.context.route("**/*put_estimate_photo", lambda route: route.abort())
	page.locator("#files").set_input_files([photo("blue")])
	expect(page.locator(".photo.stopped")).to_have_count(1, timeout=WAIT)
	page.context.unroute("**/*put_estimate_photo")
	page.reload()
	expect(page.get_by_label("Что случилось")).to_have_value("Царапина на двери")
	expect(page.locator(".photo.done")).to_have_count(2, timeout=WAIT)
	page.get_by_role("button", name="Отправить").click()
	expect(page.locator("#client_name-error")).to_have_text("Заполните это поле.")
	expect(page.locator("#consent-error")).to_contain_text("Поставьте галочку")
	expect(page.get_by_label("Марка, модель и год автомобиля")).to_be_focused()
	page.locator(".photo-remove").first.click()
	expect(page.locator(".photo")).to_have_count(1)


# -- /book -----------------------------------------------------------------------------------------


@pytest.fixture
def service(committed) -> str:
	make_service_resource("Механик портала", skills=["Портал"])
	make_service_offering("Замена масла", [("Mechanic", "Портал")], is_bookable_online=1, price=1500)
	frappe.db.set_single_value("Booking Settings", "lead_minutes", 0)
	frappe.clear_document_cache("Booking Settings", "Booking Settings")
	return "Замена масла"


def next_step(page: Page) -> None:
	page.locator("section:not([hidden]) [data-next]").click()


@pytest.mark.requirement("R201", "R205")
def test_a_client_books_the_whole_way(guest_page, service):
	page = guest_page("/book")
	page.get_by_text(service, exact=True).click()
	next_step(page)
	expect(page.get_by_role("heading", name="Ваш автомобиль")).to_be_visible()
	next_step(page)
	expect(page.locator("#make-error")).to_have_text("Выберите марку автомобиля.")
	page.get_by_label("Марка", exact=True).select_option("Kia")
	page.get_by_label("Модель", exact=True).select_option(label="Rio")
	page.get_by_label(re.compile("Госномер или VIN")).fill("а123вс777")
	next_step(page)
	time = page.locator(".time").nth(2)
	expect(time).to_be_visible(timeout=WAIT)
	label = time.inner_text()
	start = page.evaluate("document.querySelector('.day[aria-pressed=true]').innerText")
	time.click()
	next_step(page)
	expect(page.locator("[data-summary=services]")).to_have_text(service)
	expect(page.locator("[data-summary=car]")).to_contain_text("Kia Rio")
	expect(page.locator("[data-summary=when]")).to_contain_text(label)
	assert start
	page.get_by_role("button", name="Записаться").click()
	expect(page.locator("#phone-error")).to_be_visible()
	page.get_by_label("Ваше имя").fill("Ирина Ветрова")
	page.get_by_label("Телефон").fill("8 916 123-45-67")
	page.get_by_label(re.compile("Я согласен")).check()
	page.get_by_role("button", name="Записаться").click()
	page.wait_for_url(re.compile("/booking/"), timeout=WAIT)
	expect(page.locator("h1")).to_contain_text(label)
	with page.expect_download() as download:
		page.get_by_role("link", name="Добавить в календарь").click()
	assert Path(download.value.path()).read_bytes().startswith(b"BEGIN:VCALENDAR")
	frappe.db.rollback()
	(booking,) = frappe.get_all(
		"Service Booking", fields=["name", "source", "model", "client_name", "status"]
	)
	assert (booking.source, booking.model, booking.client_name) == ("Portal", "Kia Rio", "Ирина Ветрова")
	page.locator("summary", has_text="Отменить запись").click()
	page.locator("#cancel-button").click()
	expect(page.locator(".pill")).to_have_text("Отменена", timeout=WAIT)
	frappe.db.rollback()
	assert frappe.db.get_value("Service Booking", booking.name, "status") == "Cancelled"


@pytest.mark.requirement("R205")
def test_a_time_taken_meanwhile_keeps_what_was_typed(guest_page, service):
	page = guest_page("/book")
	page.get_by_text(service, exact=True).click()
	next_step(page)
	page.get_by_label("Марка", exact=True).select_option("Kia")
	next_step(page)
	time = page.locator(".time").first
	expect(time).to_be_visible(timeout=WAIT)
	time.click()
	next_step(page)
	page.get_by_label("Ваше имя").fill("Ирина Ветрова")
	page.get_by_label("Телефон").fill("8 916 123-45-67")
	page.get_by_label(re.compile("Я согласен")).check()
	first = page.evaluate(
		"""() => fetch('/api/method/auto_dealer.portal.booking_api.get_free_times', {method: 'POST',
		headers: {'Content-Type': 'application/json'}, body: JSON.stringify({offerings: ['Замена масла']})})
		.then((r) => r.json()).then((r) => r.message.days[0].times[0].start)"""
	)
	make_service_booking(service, first)
	frappe.db.commit()
	page.get_by_role("button", name="Записаться").click()
	notice = page.locator("#taken")
	expect(notice).to_contain_text("только что заняли", timeout=WAIT)
	expect(notice.locator("button")).to_have_count(3)
	notice.locator("button").first.click()
	expect(page.get_by_label("Ваше имя")).to_have_value("Ирина Ветрова")
	page.get_by_role("button", name="Записаться").click()
	page.wait_for_url(re.compile("/booking/"), timeout=WAIT)
	frappe.db.rollback()
	assert frappe.db.count("Service Booking") == 2


# -- /my/<link> ------------------------------------------------------------------------------------


def test_an_estimate_is_answered_by_a_link(guest_page, committed):
	order = make_work_order(
		labour=[
			{"description": "Замена колодок", "hours": 1, "rate": 2000},
			{"description": "Проточка дисков", "hours": 2, "rate": 2000},
		]
	)
	order.stage = "Estimate"
	order.save()
	page = guest_page("/my/" + ensure_link("Order", order.doctype, order.name).split("/my/")[1])
	expect(page.get_by_role("heading", name="Нужно ваше решение")).to_be_visible()
	lines = page.locator(".ask")
	lines.nth(0).locator(".option.yes").click()
	page.locator("#send-answers").click()
	expect(page.locator("#answers-error")).to_be_visible()
	lines.nth(1).locator(".option.no").click()
	expect(page.locator("#send-answers")).to_contain_text(re.compile(r"2\s000"))
	page.get_by_label("Ваше имя").fill("Иван Петров")
	page.locator("#send-answers").click()
	expect(page.get_by_role("heading", name="Нужно ваше решение")).to_have_count(0, timeout=WAIT)
	expect(page.locator(".row.struck")).to_contain_text("Проточка дисков")
	frappe.db.rollback()
	order.reload()
	assert [row.approval for row in order.labour] == ["Approved", "Declined"]
	page.get_by_label("Ваш вопрос").fill("Когда забирать?")
	page.get_by_role("button", name="Задать вопрос").click()
	expect(page.locator("#question-sent")).to_be_visible(timeout=WAIT)


@pytest.mark.parametrize("path", ["/estimate", "/book", "/my/wrong"])
def test_pages_fit_a_phone_in_english_too(guest_page, service, path):
	page = guest_page(path, "en")
	assert page.evaluate("document.documentElement.lang") == "en"
	small = page.evaluate(
		"""() => [...document.querySelectorAll('a.button, button, .choice, .call, .top-links a')]
		.filter((e) => e.offsetParent && (e.offsetHeight < 44 || e.offsetWidth < 44)).map((e) => e.outerHTML)"""
	)
	assert small == [], "targets too small for a finger"
	unnamed = page.evaluate(
		"""() => [...document.querySelectorAll('input, select, textarea')]
		.filter((e) => !e.labels?.length).map((e) => e.outerHTML)"""
	)
	assert unnamed == [], "fields without a label"
