"""The desk opens in a real browser, in both languages and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_desk_opens_in_the_users_language(page_as, language):
	page = page_as("System Manager", language=language)
	page.goto("/app/todo")
	page.wait_for_selector(".page-container[data-page-route='List/ToDo/List']")
	assert page.evaluate("frappe.boot.lang") == language


def test_realtime_is_connected(page_as):
	page = page_as("System Manager")
	page.goto("/app/todo")
	page.wait_for_function("window.frappe?.realtime?.socket?.connected", timeout=20_000)


def test_a_phone_gets_the_login_page(browser, site_url):
	page = browser.new_context(base_url=site_url, viewport={"width": 390, "height": 844}).new_page()
	page.goto("/login")
	expect(page.locator("#login_email")).to_be_visible()
	assert page.evaluate("document.documentElement.scrollWidth") <= 390
