"""Dates, money, currencies and comments of a Bitrix24 export."""

from datetime import datetime

import pytest

from auto_dealer.integrations.bitrix24.rules.values import (
	Unreadable,
	day_comes_first,
	one_line,
	parse_currency,
	parse_datetime,
	parse_money,
	parse_yes,
	to_text,
)


@pytest.mark.parametrize(
	("cell", "value"),
	[
		("31.12.2024 18:05:09", datetime(2024, 12, 31, 18, 5, 9)),
		("31.12.2024 18:05", datetime(2024, 12, 31, 18, 5)),
		("1.2.2024", datetime(2024, 2, 1)),
		("2024-12-31 18:05:09", datetime(2024, 12, 31, 18, 5, 9)),
		("2024-12-31T18:05:09+03:00", datetime(2024, 12, 31, 18, 5, 9)),
		("12/31/2024 06:05:09 pm", datetime(2024, 12, 31, 18, 5, 9)),
		("12/31/2024 12:00:00 am", datetime(2024, 12, 31)),
		("12/31/2024 12:30 PM", datetime(2024, 12, 31, 12, 30)),
		("", None),
		("  ", None),
	],
)
def test_dates(cell, value):
	assert parse_datetime(cell) == value


@pytest.mark.parametrize(
	"cell", ["вчера", "31.02.2024", "2024", "13/13/2024", "01.01.0001", "31.12.24", "1e5"]
)
def test_dates_that_are_none(cell):
	with pytest.raises(Unreadable):
		parse_datetime(cell)


def test_the_file_tells_whether_the_day_comes_first():
	assert not day_comes_first(["03/04/2024", "12/31/2024"])
	assert day_comes_first(["03/04/2024", "31/12/2024"])
	assert parse_datetime("03/04/2024", day_first=True) == datetime(2024, 4, 3)
	assert parse_datetime("03/04/2024") == datetime(2024, 3, 4)


@pytest.mark.parametrize(
	("cell", "amount", "currency"),
	[
		("1 250 000,00", 1250000, None),
		("1\u00a0250\u00a0000,50", 1250000.5, None),
		("1,250,000.00", 1250000, None),
		("1.250.000,00", 1250000, None),
		("1250000", 1250000, None),
		("1250000|RUB", 1250000, "RUB"),
		("980 000 ₽", 980000, "RUB"),
		("980 000 руб.", 980000, "RUB"),
		("$1,250", 1250, "USD"),
		("12,5", 12.5, None),
		("0.00", 0, None),
		("-500", -500, None),
		("", None, None),
	],
)
def test_money(cell, amount, currency):
	assert parse_money(cell) == (amount, currency)


@pytest.mark.parametrize("cell", ["сто тысяч", "-", "1-2", "9" * 20])
def test_money_that_is_none(cell):
	with pytest.raises(Unreadable):
		parse_money(cell)


@pytest.mark.parametrize(
	("text", "code"),
	[
		("Российский рубль", "RUB"),
		("RUR", "RUB"),
		("руб.", "RUB"),
		("US Dollar", "USD"),
		("", None),
		("gbp", "GBP"),
	],
)
def test_currencies(text, code):
	assert parse_currency(text) == code


@pytest.mark.parametrize(
	("cell", "yes"), [("Да", True), ("Y", True), ("Нет", False), ("", False), ("N", False)]
)
def test_yes(cell, yes):
	assert parse_yes(cell) is yes


@pytest.mark.parametrize(
	("cell", "text"),
	[
		("<p>Раз</p><p>Два &amp; три</p>", "Раз\nДва & три"),
		("раз<br>два<br />три", "раз\nдва\nтри"),
		("[b]Важно[/b] [url=https://x.example]ссылка[/url]", "Важно ссылка"),
		("до <script>alert(1)</script>после", "до после"),
		("цена < 5 и > 3", "цена < 5 и > 3"),
		("&lt;script&gt;", "<script>"),
		("a\x00b\x07c", "abc"),
		("раз   \n\n\n\nдва", "раз\n\nдва"),
		("[17:30] звонил", "[17:30] звонил"),
	],
)
def test_comments_become_text(cell, text):
	assert to_text(cell) == text


def test_titles_are_one_line_of_limited_length():
	assert one_line(" Заявка \n с   сайта\t") == "Заявка с сайта"
	assert len(one_line("x" * 500)) == 140
