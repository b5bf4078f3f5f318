"""Contracts: numbers, states, sums in words, secrets of links."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from auto_dealer.documents.rules.amount_words import amount_in_digits, amount_in_words
from auto_dealer.documents.rules.contract_number import format_number
from auto_dealer.documents.rules.contract_states import ContractFacts, find_problems, is_live
from auto_dealer.documents.rules.link_token import hash_token, is_open, is_token

RUSSIAN = [
	("0", "Ноль рублей 00 копеек"),
	("1.01", "Один рубль 01 копейка"),
	("2.02", "Два рубля 02 копейки"),
	("11.11", "Одиннадцать рублей 11 копеек"),
	("21.21", "Двадцать один рубль 21 копейка"),
	("112.14", "Сто двенадцать рублей 14 копеек"),
	("1001", "Одна тысяча один рубль 00 копеек"),
	("2000000.05", "Два миллиона рублей 05 копеек"),
	("1234561.5", "Один миллион двести тридцать четыре тысячи пятьсот шестьдесят один рубль 50 копеек"),
	("0.995", "Один рубль 00 копеек"),
	(
		"999999999.99",
		"Девятьсот девяносто девять миллионов девятьсот девяносто девять тысяч девятьсот девяносто девять рублей 99 копеек",
	),
]
ENGLISH = [
	("1", "One rouble 00 kopecks"),
	("2.01", "Two roubles 01 kopeck"),
	("1000021.10", "One million and twenty-one roubles 10 kopecks"),
]


@pytest.mark.parametrize(("amount", "words"), RUSSIAN)
def test_roubles_in_russian(amount: str, words: str):
	assert amount_in_words(amount, "ru", "RUB") == words


@pytest.mark.parametrize(("amount", "words"), ENGLISH)
def test_roubles_in_english(amount: str, words: str):
	assert amount_in_words(amount, "en", "RUB").replace(",", "") == words


def test_other_currencies_and_negative_sums():
	assert amount_in_words("5.07", "ru", "USD") == "Пять USD 07/100"
	with pytest.raises(ValueError, match="negative"):
		amount_in_words("-1", "ru", "RUB")


def test_sums_in_digits():
	assert amount_in_digits("1234561.5") == "1\u00a0234\u00a0561,50\u00a0руб."
	assert amount_in_digits("0", "ru", "USD") == "0,00\u00a0USD"
	assert amount_in_digits("1234561.505", "en", "RUB") == "RUB 1,234,561.51"


def test_numbers():
	assert format_number("КП", 2026, 17) == "КП-2026-000017"
	assert format_number(" КП ", 2026, 1234567) == "КП-2026-1234567"


WAYS = [
	("Draft", "Signed", []),
	("Draft", "Executed", ["way"]),
	("Draft", "Draft", ["way"]),
	("Signed", "Executed", []),
	("Signed", "Draft", ["way"]),
	("Signed", "Terminated", ["reason"]),
	("Draft", "Terminated", ["reason"]),
	("Executed", "Terminated", ["way"]),
	("Executed", "Signed", ["way"]),
	("Terminated", "Draft", ["way"]),
	("Draft", "Nonsense", ["way"]),
]


@pytest.mark.parametrize(("source", "target", "problems"), WAYS)
def test_states(source: str, target: str, problems: list):
	assert find_problems(source, target, ContractFacts()) == problems


def test_what_signing_asks_for():
	empty = ContractFacts(False, False, False, False)
	assert find_problems("Draft", "Signed", empty) == ["client", "amount", "vehicle", "text"]
	without_car = ContractFacts(has_vehicle=False, needs_vehicle=False)
	assert find_problems("Draft", "Signed", without_car) == []
	assert find_problems("Draft", "Terminated", ContractFacts(False, termination_reason=" ")) == ["reason"]
	assert find_problems("Draft", "Terminated", ContractFacts(False, termination_reason="x")) == []


def test_a_terminated_contract_makes_room():
	assert [is_live(state) for state in ("Draft", "Signed", "Executed", "Terminated")] == [
		True,
		True,
		True,
		False,
	]


def test_links():
	token = "a" * 43
	assert is_token(token)
	assert not any(map(is_token, ("", None, "a" * 42, "a" * 44, "a" * 42 + "'", "a" * 42 + "\n")))
	assert hash_token(token) != hash_token("b" * 43)
	assert token not in hash_token(token)
	now = datetime(2026, 11, 21, 12)
	second = timedelta(seconds=1)
	assert is_open(now + second, None, now)
	assert not is_open(now, None, now)
	assert not is_open(now + second, now - second, now)
