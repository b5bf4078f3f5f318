"""The Russian catalogue reaches the desk of a real site, and leaves the words of other apps alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import frappe
from frappe.gettext.translate import compile_translations
from frappe.translate import get_all_translations, get_translated_doctypes, get_translations_from_apps

# Texts whose Russian in Frappe or ERPNext is another one, and that we translate for the whole desk all the same:
# names of shipped stages and kinds (the desk looks them up without a context), words of our buttons and pages, and plain
# mistakes.
OURS_FOR_ALL = {
	"Booked", "Commission", "Contact", "Create Lead", "Created", "Delivery", "Distribution", "Email", "General",
	"In Progress", "Log", "Lost", "Off", "Service",
	"Lost Reason", "Lost Reasons", "Maintenance", "Make", "Merge", "None", "Round Robin", "Stage Name", "Today", "empty",
	"Web Form", "created",
	"Book", "Clear", "Create Invoice", "Left", "Number", "Payments", "Work Order", "Work Orders",
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> dict[str, str]:
	"""Key as Frappe builds it → Russian text, of the app's ru.po."""
	with Path(frappe.get_app_path("auto_dealer", "locale", "ru.po")).open("rb") as file:
		entries = [entry for entry in read_po(file) if entry.id and entry.string]
	return {f"{e.id}:{e.context}" if e.context else e.id: e.string for e in entries}


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
	"""What a Russian desk gets, freshly compiled as `bench build` does."""
	compile_translations("auto_dealer", "ru", force=True)
	frappe.translate.clear_cache()
	return get_all_translations("ru")


def test_every_entry_reaches_the_desk(catalogue: dict[str, str], shown: dict[str, str]):
	lost = {key: text for key, text in catalogue.items() if shown.get(key) != text}
	assert not lost


def test_words_of_other_apps_keep_their_translation(catalogue: dict[str, str]):
	others = get_translations_from_apps("ru", ["frappe", "erpnext"])
	changed = {key: (others[key], text) for key, text in catalogue.items() if others.get(key, text) != text}
	assert set(changed) - OURS_FOR_ALL == set(), changed


def test_stage_and_action_names_are_russian(shown: dict[str, str]):
	"""The terms that the dealer's staff know."""
	expected = {
		"Unsorted": "Неразобранное",
		"Vehicle Selection": "Выбор автомобиля",
		"Test Drive": "Тест-драйв",
		"Take to Work": "Взять в работу",
		"Responsible": "Ответственный",
		"Ad Channel": "Рекламный канал",
	}
	assert {key: frappe._(key, lang="ru") for key in expected} == expected


def test_names_of_shipped_data_are_translated_in_links():
	"""Link fields translate a value only when its DocType says so."""
	ours = {"Ad Channel", "Deal Pipeline", "Enquiry Type", "Lost Reason", "Client Kind", "Object Kind"}
	assert ours <= set(get_translated_doctypes())
