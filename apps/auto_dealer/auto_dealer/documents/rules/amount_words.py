"""A sum of money in words, as contracts write it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from num2words import num2words

RUSSIAN_UNITS = {"RUB": (("рубль", "рубля", "рублей"), ("копейка", "копейки", "копеек"))}
ENGLISH_UNITS = {"RUB": (("rouble", "roubles"), ("kopeck", "kopecks"))}
HUNDREDTH = Decimal("0.01")
NO_BREAK_SPACE = "\u00a0"


def amount_in_words(amount: Decimal | int | str, language: str = "ru", currency: str = "RUB") -> str:
	"""`Одна тысяча двадцать один рубль 05 копеек`: whole units in words, hundredths as two digits.

	Languages ru and en; a currency without names of its own is written by its code: `… USD 05/100`.
	"""
	value = Decimal(str(amount)).quantize(HUNDREDTH, ROUND_HALF_UP)
	if value < 0:
		raise ValueError("a sum of a contract is not negative")
	whole, hundredths = divmod(int(value * 100), 100)
	words = num2words(whole, lang="ru" if language == "ru" else "en")
	words = words[:1].upper() + words[1:]
	units = (RUSSIAN_UNITS if language == "ru" else ENGLISH_UNITS).get(currency)
	if not units:
		return f"{words} {currency} {hundredths:02d}/100"
	form = russian_form if language == "ru" else english_form
	return f"{words} {form(whole, units[0])} {hundredths:02d} {form(hundredths, units[1])}"


def amount_in_digits(amount: Decimal | int | str, language: str = "ru", currency: str = "RUB") -> str:
	"""`1 234 561,50 руб.` with spaces that do not break, `RUB 1,234,561.50` in English."""
	value = Decimal(str(amount)).quantize(HUNDREDTH, ROUND_HALF_UP)
	digits = f"{value:,.2f}"
	if language != "ru":
		return f"{currency} {digits}".strip()
	digits = digits.replace(",", NO_BREAK_SPACE).replace(".", ",")
	return f"{digits}{NO_BREAK_SPACE}{'руб.' if currency == 'RUB' else currency}".strip()


def russian_form(number: int, forms: tuple[str, str, str]) -> str:
	"""1 рубль, 2 рубля, 5 рублей, 11 рублей."""
	if number % 100 in (11, 12, 13, 14):
		return forms[2]
	if number % 10 == 1:
		return forms[0]
	return forms[1] if number % 10 in (2, 3, 4) else forms[2]


def english_form(number: int, forms: tuple[str, str]) -> str:
	return forms[0] if number == 1 else forms[1]
