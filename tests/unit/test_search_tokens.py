"""What is stored for the search, and how typed text is read: every fragment begins a stored token."""

import pytest

from auto_dealer.clients.rules.identity import client_keys, key_kind, make_key
from auto_dealer.clients.rules.mask import mask_email, mask_phone
from auto_dealer.clients.rules.tokens import (
	TOKEN_LENGTH,
	client_tokens,
	email_tokens,
	read_query,
	vehicle_tokens,
)

IVAN = client_tokens(
	"Петров Иван Семёнович", ["+79161234567", "+74951112233"], ["ivan.petrov@mail.ru"], ["telegram:ivan_p"]
)
CAR = vehicle_tokens("XTA210990Y1234567", "а123вс777", "NT32-024680", "Toyota Camry 2019")


def finds(typed: str, tokens: set[str]) -> bool:
	"""What the SQL does: some reading, all of its words, one of a word's prefixes."""
	return any(
		all(any(token.startswith(prefix) for prefix in prefixes for token in tokens) for prefixes in reading)
		for reading in read_query(typed)
	)


@pytest.mark.requirement("R137", "R144")
@pytest.mark.parametrize(
	"typed",
	[
		"Петров",
		"петр",
		"ПЕТРОВ ИВАН",
		"иван петров",
		"ив пет",
		"Семенович",
		"семёнович",
		"1234567",
		"4567",
		"916 123",
		"8 (916) 123-45-67",
		"89161234567",
		"+79161234567",
		"8-495-111",
		"Иван 4567",
		"ivan.petrov@mail.ru",
		"IVAN.PETROV@mail",
		"petrov@",
		"ivan",
	],
)
def test_a_client_is_found_by(typed):
	assert finds(typed, IVAN)


@pytest.mark.parametrize(
	"typed", ["Сидоров", "Иван Сидоров", "7777", "89165554433", "sidorov@mail.ru", "Петров 9999"]
)
def test_a_client_is_not_found_by(typed):
	assert not finds(typed, IVAN)


@pytest.mark.requirement("R138", "R144")
@pytest.mark.parametrize(
	"typed",
	[
		"XTA210990Y1234567",
		"хта2109",  # Cyrillic
		"Y123",
		"4567",
		"А123ВС777",
		"A123BC777",
		"а 123 вс 777",
		"123вс",
		"123BC",
		"777",
		"024680",
		"NT32",
		"camry",
		"toyota 2019",
	],
)
def test_a_car_is_found_by(typed):
	assert finds(typed, CAR)


@pytest.mark.parametrize("typed", ["XTA2108", "в123вс", "A124", "corolla", "toyota 2020"])
def test_a_car_is_not_found_by(typed):
	assert not finds(typed, CAR)


@pytest.mark.parametrize("typed", [None, "", "   ", "%", "%%%", "___", "'", '"', "()", "\\"])
def test_nothing_to_look_up(typed):
	assert read_query(typed) == []


def test_a_flood_of_words_is_cut():
	reading = read_query(" ".join(f"слово{n}" for n in range(50)))[0]
	assert len(reading) <= 6
	assert all(len(token) <= TOKEN_LENGTH for token in client_tokens("ы" * 500, [], ["e" * 300 + "@mail.ru"]))


def test_email_parts():
	assert email_tokens("ivan.petrov@mail.ru") == {"ivan.petrov@mail.ru", "petrov@mail.ru", "mail.ru"}


def test_keys_are_sorted_unique_and_short():
	keys = client_keys(["+79161234567", "+79161234567"], ["b@mail.ru", "a@mail.ru"], ["Telegram:Ivan"])
	assert keys == ["email:a@mail.ru", "email:b@mail.ru", "messenger:telegram:ivan", "phone:+79161234567"]
	assert key_kind(keys[2]) == "messenger"
	long_key = make_key("messenger", "x" * 500)
	assert len(long_key) <= 140
	assert long_key == make_key("messenger", "X" * 500) != make_key("messenger", "x" * 501)
	assert client_keys([""], [None], ["  "]) == []


@pytest.mark.requirement("R149")
def test_masks_keep_the_number_from_a_stranger():
	assert mask_phone("+79161234567") == "+7916•••••67"
	assert mask_phone("1234") == "••••"
	assert mask_email("ivan@mail.ru") == "i•••@mail.ru"
	assert mask_phone(None) == mask_email(None) == ""
