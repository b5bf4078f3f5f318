"""Fixtures for tests in a real browser: Debian's Chromium, driven by Playwright, on the served test site.

Data is made through Frappe as in the site tests (`from factories import make_deal`), then `frappe.db.commit()`
shows it to the browser; it is removed after the test. A failed test leaves a screenshot of each open page in
`$DEALER_SCREENSHOTS` (default: `auto-dealer-screenshots` in the system's folder for temporary files).
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from live_site import LiveSite
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from site_fixtures import (  # noqa: F401
	TEST_PASSWORD,
	Committed,
	_site,
	_transaction,
	as_user,
	committed,
	ensure_user,
	jobs,
	live,
	user_with,
)

import frappe
from frappe.gettext.translate import compile_translations
from frappe.utils.password import update_password

CHROMIUM_FLAGS = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--disable-dev-shm-usage",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
]
DESKTOP = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
	"""Lets the page fixture know whether the test failed."""
	report = yield
	setattr(item, f"report_{report.when}", report)
	return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
	"""One headless Chromium for the run."""
	chromium = (
		os.environ.get("DEALER_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
	)
	with sync_playwright() as playwright:
		# Without one from the system, Playwright's own is taken (`playwright install chromium`).
		process = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
		yield process
		process.close()


@pytest.fixture
def site_url(live: LiveSite, committed: Committed) -> str:  # noqa: F811
	"""The address of the test site, served by gunicorn with realtime beside it."""
	live.start_socketio()
	live.start_web()
	return live.url


@pytest.fixture
def page_as(request: pytest.FixtureRequest, browser: Browser, site_url: str) -> Iterator[Callable[..., Page]]:
	"""`page_as("Dealer Sales Manager")` opens a logged-in page; commits what the test has made so far.

	The first argument is a role (a user with it is made) or the e-mail of a user who exists. `language` is the
	user's ("en", "ru"); `phone=True` gives a phone's screen. Errors thrown by the page's scripts fail the test.
	"""
	contexts: list[BrowserContext] = []
	script_errors: list[str] = []

	def open_page(who: str = "Administrator", *, language: str = "en", phone: bool = False) -> Page:
		known = who == "Administrator" or "@" in who
		user = who if known else ensure_user(who, name=f"{who} {language}", language=language)
		frappe.db.set_value("User", user, "language", language)
		update_password(user, TEST_PASSWORD)
		frappe.clear_cache(user=user)
		frappe.db.commit()
		context = browser.new_context(
			base_url=site_url,
			viewport=PHONE if phone else DESKTOP,
			is_mobile=phone,
			has_touch=phone,
			locale="ru-RU" if language == "ru" else "en-US",
			timezone_id="Europe/Moscow",
		)
		contexts.append(context)
		answer = context.request.post("/api/method/login", form={"usr": user, "pwd": TEST_PASSWORD})
		assert answer.ok, answer.text()
		page = context.new_page()
		page.on("pageerror", lambda error: script_errors.append(str(error)))
		return page

	yield open_page
	failed = getattr(request.node, "report_call", None) and request.node.report_call.failed
	if failed:
		_screenshots(request.node.nodeid, contexts)
	for context in contexts:
		context.close()
	if not failed:
		assert not script_errors, f"The page's scripts threw: {script_errors}"


@pytest.fixture
def guest_page(
	request: pytest.FixtureRequest, browser: Browser, site_url: str
) -> Iterator[Callable[..., Page]]:
	"""`guest_page("/book")` opens a page on a phone, without a log-in; commits what the test has made so far.

	No page may be wider than the phone, and none may throw.
	"""
	compile_translations("auto_dealer")
	contexts: list[BrowserContext] = []
	errors: list[str] = []

	def open_page(path: str, language: str = "ru") -> Page:
		frappe.db.commit()
		context = browser.new_context(
			base_url=site_url,
			viewport=PHONE,
			is_mobile=True,
			has_touch=True,
			locale="ru-RU" if language == "ru" else "en-US",
			timezone_id="Europe/Moscow",
		)
		contexts.append(context)
		page = context.new_page()
		page.on("pageerror", lambda error: errors.append(str(error)))
		page.goto(path)
		return page

	yield open_page
	failed = getattr(request.node, "report_call", None) and request.node.report_call.failed
	if failed:
		_screenshots(request.node.nodeid, contexts)
	else:
		widths = [page.evaluate("document.documentElement.scrollWidth") for c in contexts for page in c.pages]
		assert all(width <= PHONE["width"] for width in widths), widths
	for context in contexts:
		context.close()
	if not failed:
		assert not errors, f"The page's scripts threw: {errors}"


def _screenshots(test: str, contexts: list[BrowserContext]) -> None:
	default = Path(tempfile.gettempdir()) / "auto-dealer-screenshots"
	folder = Path(os.environ.get("DEALER_SCREENSHOTS", default))
	folder.mkdir(parents=True, exist_ok=True)
	stem = re.sub(r"\W+", "-", test.split("/")[-1])
	for number, page in enumerate(page for context in contexts for page in context.pages):
		page.screenshot(path=folder / f"{stem}-{number}.png", full_page=True)
