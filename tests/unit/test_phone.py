"""Phones and e-mails as people type them."""

import pytest

from auto_dealer.clients.rules.email import normalise_email, split_emails
from auto_dealer.clients.rules.phone import (
	has_letters,
	normalise_phone,
	phone_digits,
	split_phones,
	unreadable_phones,
)

MOBILE = "+79161234567"


@pytest.mark.requirement("R143")
@pytest.mark.parametrize(
	"typed",
	[
		"+79161234567",
		"+7 (916) 123-45-67",
		"8-916-123-45-67",
		"8 916 1234567",
		"89161234567",
		"79161234567",
		"9161234567",
		"(916) 123 45 67",
		"  +7.916.123.45.67  ",
		"+7 916 123‑45‑67",
		"8\u00a0916\u00a0123\u00a045\u00a067",
		"8 (916) 123-45-67 доб. 12",
		"8 (916) 123-45-67, доб.12",
		"+7 916 123-45-67 ext 5",
		"+7 916 123-45-67 x5",
		"+7 916 123-45-67 #104",
		"тел. 8 916 123 45 67",
		"моб: 8(916)1234567",
		"8 10 7 916 123 45 67",
	],
)
def test_one_number_however_typed(typed):
	assert normalise_phone(typed, "RU") == MOBILE


@pytest.mark.parametrize(
	("typed", "region", "expected"),
	[
		("8 (495) 123-45-67", "RU", "+74951234567"),
		("+375 29 123-45-67", "RU", "+375291234567"),
		("375291234567", "RU", "+375291234567"),
		("00 49 30 901820", "RU", "+4930901820"),
		("+1 415 867 5309", "RU", "+14158675309"),
		("8 029 123 45 67", "BY", "+375291234567"),
		("8 701 123 45 67", "KZ", "+77011234567"),
		("7 701 123 45 67", "RU", "+77011234567"),
	],
)
def test_other_cities_and_countries(typed, region, expected):
	assert normalise_phone(typed, region) == expected


@pytest.mark.parametrize(
	"typed",
	[
		None,
		"",
		"   ",
		"нет телефона",
		"позвонить Ивану",
		"8-800-FLOWERS",
		"8 916 12З-45-67",  # a Cyrillic letter instead of the digit
		"12345",
		"101",
		"8 916 123 45",
		"8 916 123 45 67 89 10",
		"0000000000",
		"1111111111",
		"+7",
		"ivan@mail.ru",
		"<script>alert(1)</script>",
	],
)
def test_what_is_no_phone(typed):
	assert normalise_phone(typed, "RU") is None


@pytest.mark.parametrize(
	("cell", "phones"),
	[
		("8 916 123-45-67, 8 903 765-43-21", ["+79161234567", "+79037654321"]),
		("89161234567;89037654321", ["+79161234567", "+79037654321"]),
		("89161234567 / 89037654321", ["+79161234567", "+79037654321"]),
		("89161234567\n89037654321\r\n+7 495 123 45 67", ["+79161234567", "+79037654321", "+74951234567"]),
		("89161234567, доб. 12; 8 903 765 43 21", ["+79161234567", "+79037654321"]),
		("8 916 123-45-67, +7 916 123 45 67", ["+79161234567"]),
		("нет, 89161234567", ["+79161234567"]),
		("", []),
		(None, []),
	],
)
def test_several_in_a_cell(cell, phones):
	assert split_phones(cell, "RU") == phones


def test_what_could_not_be_read_is_named():
	assert unreadable_phones("89161234567, звонить вечером; 12", "RU") == ["звонить вечером", "12"]


def test_letters_and_digits():
	assert has_letters("8-800-FLOWERS")
	assert not has_letters("тел. 8 916 123-45-67 доб. 3")
	assert phone_digits("+7 916") == "7916"


@pytest.mark.parametrize(
	("typed", "expected"),
	[
		("Ivan.Petrov@Mail.RU", "ivan.petrov@mail.ru"),
		("  ivan@mail.ru ", "ivan@mail.ru"),
		("Иван <Ivan@mail.ru>", "ivan@mail.ru"),
		("mailto:ivan@mail.ru", "ivan@mail.ru"),
		("почта@пример.рф", "почта@пример.рф"),
		("ivan+work@sub.mail.ru", "ivan+work@sub.mail.ru"),
		("ivan@mail", None),
		("ivan mail.ru", None),
		("a@b@c.ru", None),
		("ivan@mail..ru", None),
		("a" * 140 + "@mail.ru", None),
		(None, None),
	],
)
def test_emails(typed, expected):
	assert normalise_email(typed) == expected


def test_several_emails_in_a_cell():
	assert split_emails("A@mail.ru, b@mail.ru; a@MAIL.ru нет") == ["a@mail.ru", "b@mail.ru"]
