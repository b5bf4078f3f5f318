"""Headings, rows, stages and refusals of a Bitrix24 export."""

from datetime import date, datetime
from pathlib import Path

import pytest

from auto_dealer.integrations.bitrix24.rules.csv_records import read_table
from auto_dealer.integrations.bitrix24.rules.headings import (
	CONTACT,
	DEAL,
	LEAD,
	guess_kind,
	map_columns,
	missing_columns,
)
from auto_dealer.integrations.bitrix24.rules.rows import Refusal, read_rows
from auto_dealer.integrations.bitrix24.rules.stages import (
	PipelineInfo,
	StageInfo,
	find_pipeline,
	find_stage,
	lead_status,
	place_deal,
)

SAMPLES = Path(__file__).parents[1] / "data" / "bitrix24"


def rows_of(name: str, kind: str) -> list:
	return list(read_rows(read_table((SAMPLES / name).read_bytes()), kind))


def by_id(rows: list) -> dict:
	return {row.bitrix_id: row for row in rows if not isinstance(row, Refusal)}


def refusals(rows: list) -> list[tuple]:
	return [(row.line, row.code, *row.values) for row in rows if isinstance(row, Refusal)]


@pytest.mark.parametrize(
	("name", "kind"),
	[
		("contacts_ru.csv", CONTACT),
		("leads_ru_cp1251.csv", LEAD),
		("leads_en.csv", LEAD),
		("deals_ru.csv", DEAL),
		("leads_broken.csv", LEAD),
	],
)
def test_kind_of_a_file_is_known_by_its_headings(name, kind):
	headings = read_table((SAMPLES / name).read_bytes()).headings
	assert guess_kind(headings) == kind
	assert missing_columns(map_columns(headings, kind), kind) == []


def test_headings_of_both_languages_mean_the_same():
	russian = map_columns(
		["ID", "Рабочий E-Mail", "МОБИЛЬНЫЙ ТЕЛЕФОН", "Рабочий телефон", "Фамилия", "Улыбка"], LEAD
	)
	english = map_columns(["ID", "Work e-mail", "Mobile", "Work Phone", "Last Name", "Smile"], LEAD)
	assert russian.single == english.single
	assert russian.many == english.many == {"phone": [2, 3], "email": [1], "messenger": []}
	assert (russian.unknown, english.unknown) == (["Улыбка"], ["Smile"])


def test_a_deal_takes_the_clients_columns_by_their_prefix():
	columns = map_columns(["ID", "Название", "Контакт: Имя", "Contact: Work Phone", "Контакт: ID"], DEAL)
	assert columns.single == {"id": 0, "title": 1, "first_name": 2, "contact_id": 4}
	assert columns.many["phone"] == [3]


def test_a_file_of_something_else_lacks_its_columns():
	columns = map_columns(["Артикул", "Остаток"], LEAD)
	assert missing_columns(columns, LEAD) == ["ID", "Имя / First Name"]


@pytest.mark.requirement("R136", "R143")
def test_contacts():
	rows = rows_of("contacts_ru.csv", CONTACT)
	found = by_id(rows)
	first = found["101"]
	assert first.person.full_name == "Пётр Алексеевич Соколов"
	assert first.person.phones == ["+79161010101", "+79031010102"]
	assert first.person.emails == ["p.sokolov@mail.example"]
	assert first.person.messengers == ["@sokolov"]
	assert first.comment == "Просит звонить после 18:00.\nЕсть Camry 2015 г."
	assert first.created == datetime(2024, 2, 5, 10, 15)
	assert found["102"].responsible == "Ирина Волкова"
	assert found["102"].person.emails == ["olga@romashka.example", "olga.private@mail.example"]
	assert found["103"].person.full_name == 'ООО "Автопарк Север"'
	assert found["106"].person.phones == ["+79161010101"]
	assert refusals(rows) == [(6, "empty")]


def test_leads_in_russian_and_cp1251():
	rows = rows_of("leads_ru_cp1251.csv", LEAD)
	found = by_id(rows)
	first = found["1001"]
	assert (first.line, first.external_key) == (2, "bitrix24:lead:1001")
	assert (first.amount, first.currency) == (1250000, "RUB")
	assert first.comment == 'Хочет Camry.\nПерезвонить "срочно"'
	assert first.source_text == "Форма «Перезвоните мне»"
	assert found["1002"].line == 4
	assert found["1005"].person.phones == ["+375291234567"]
	assert refusals(rows) == []
	assert {key: lead_status(row.status) for key, row in found.items()} == {
		"1001": ("New", True),
		"1002": ("In Progress", True),
		"1003": ("Junk", True),
		"1004": ("Refused", True),
		"1005": ("In Progress", False),
	}


def test_leads_in_english():
	rows = rows_of("leads_en.csv", LEAD)
	found = by_id(rows)
	assert found["2001"].created == datetime(2024, 3, 14, 18, 5, 9)
	assert (found["2001"].amount, found["2001"].currency) == (1250000, "USD")
	assert found["2001"].comment == 'Wants a "family" car, 7 seats'
	assert found["2002"].person.full_name == "Mary Ann Jones"
	assert found["2002"].person.phones == ["+442079460958"]
	# A wrong number names nobody and is traffic all the same.
	assert found["2003"].person.is_empty
	assert refusals(rows) == []


def test_deals():
	rows = rows_of("deals_ru.csv", DEAL)
	found = by_id(rows)
	first = found["501"]
	assert (first.title, first.pipeline, first.status) == ("Camry Соколову", "Новые автомобили", "Тест-драйв")
	assert (first.amount, first.currency, first.close_date) == (2890000, "RUB", date(2024, 3, 30))
	assert (first.person.full_name, first.person.phones) == ("Пётр Соколов", ["+79161010101"])
	assert found["502"].is_closed
	assert (found["502"].amount, found["502"].currency) == (980000, "RUB")
	assert found["505"].person.full_name == 'ООО "Автопарк Север"'
	assert refusals(rows) == [(7, "empty"), (8, "amount", "сто тысяч")]


@pytest.mark.requirement("R15")
def test_refusals_name_line_and_cause():
	rows = rows_of("leads_broken.csv", LEAD)
	assert refusals(rows) == [
		(3, "columns", "3", "6"),
		(4, "quote"),
		(8, "columns", "8", "6"),
		(9, "id", "abc"),
		(10, "date", "вчера"),
		(11, "unread_phone", "позвоните мне"),
		(13, "quote"),
	]
	assert sorted(by_id(rows)) == ["3001", "3004", "3009"]
	assert by_id(rows)["3009"].person.unread_phones == ["позвоните мне"]
	assert next(row for row in rows if row.line == 8).cells[0].startswith('"3005"')


SALE = PipelineInfo(
	"New Cars",
	tuple(
		StageInfo(name, kind, shown_as)
		for name, kind, shown_as in (
			("Unsorted", "Open", ("Неразобранное",)),
			("Test Drive", "Open", ()),
			("Выставка", "Open", ()),
			("Won", "Won", ()),
			("Lost", "Lost", ()),
		)
	),
)
WORKSHOP = PipelineInfo(
	"Покраска", (StageInfo("Приём", "Open"), StageInfo("Готово", "Won"), StageInfo("Ушёл", "Lost"))
)


@pytest.mark.parametrize(
	("name", "pipeline", "stage"),
	[
		("Тест-драйв", SALE, "Test Drive"),
		("test drive", SALE, "Test Drive"),
		("ВЫСТАВКА", SALE, "Выставка"),
		("2. Тест-драйв", SALE, "Test Drive"),
		("Новая", SALE, "Unsorted"),
		("Сделка успешна", SALE, "Won"),
		("Сделка успешна", WORKSHOP, "Готово"),
		("Deal lost", WORKSHOP, "Ушёл"),
		("Тест-драйв", WORKSHOP, None),
		("Согласование договора", SALE, None),
	],
)
def test_stages_are_found_by_any_of_their_names(name, pipeline, stage):
	found = find_stage(name, pipeline)
	assert (found and found.name) == stage


@pytest.mark.requirement("R18", "R21")
def test_unknown_pipeline_and_stage_lead_to_the_default_and_are_kept():
	assert find_pipeline("новые автомобили", (WORKSHOP, SALE)) is SALE
	assert find_pipeline("Мойка", (WORKSHOP, SALE)) is None
	placed = place_deal("Мойка", "Запись", (WORKSHOP, SALE), default=SALE)
	assert (placed.pipeline, placed.stage.name) == (SALE, "Unsorted")
	assert placed.unknown == {"pipeline": "Мойка", "stage": "Запись"}
	known = place_deal("Покраска", "", (WORKSHOP, SALE), default=SALE)
	assert (known.stage.name, known.unknown) == ("Приём", {})
