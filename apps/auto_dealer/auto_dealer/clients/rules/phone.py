"""Phones as people type them → E.164. Pure: the default country is an argument."""

import re

import phonenumbers

# What may stand after a number: "доб. 12", "ext 12", "#12", "x12".
EXTENSION = re.compile(
	r"[\s,;(]*(?:доб(?:авочный)?\.?|вн(?:утр)?\.?|ext(?:ension)?\.?|x|х|#)\s*\d{1,6}\)?\s*$", re.I
)
# What may stand before it: "тел.", "моб:", "tel:", "№".
PREFIX = re.compile(
	r"^\s*(?:тел(?:ефон)?|моб(?:ильный)?|сот|раб|дом|tel|phone|mob|cell|fax|факс|№)\s*[.:]*\s*", re.I
)
LETTERS = re.compile(r"[^\W\d_]")
# A comma, a semicolon, a line or a slash parts two numbers; a comma before an extension does not.
SEPARATORS = re.compile(r"[\n\r\t;|/]+|,(?!\s*(?:доб|вн|ext|x|х|#))", re.I)
SHORTEST = 5


def normalise_phone(text: str | None, region: str = "RU") -> str | None:
	"""The number in E.164 (`+79161234567`), or None when the text is not one phone number.

	`region` (two letters) is where a number without a country code is dialled. An extension is left out: it
	is no part of who the client is. Letters make it no phone, also the "8-800-FLOWERS" kind.
	"""
	cleaned = PREFIX.sub("", EXTENSION.sub("", str(text or "")))
	digits = re.sub(r"\D", "", cleaned)
	if len(digits) < SHORTEST or LETTERS.search(cleaned):
		return None
	for candidate in _readings(cleaned, digits):
		number = _parse(candidate, region)
		if number and phonenumbers.is_valid_number(number):
			return _e164(number)
	# Metadata is older than newly given ranges: a number that could exist is taken, a row of zeros is not.
	number = _parse(_readings(cleaned, digits)[0], region)
	if number and _could_exist(number) and len(set(str(number.national_number))) > 2:
		return _e164(number)
	return None


def _could_exist(number: phonenumbers.PhoneNumber) -> bool:
	"""As long as a person's number of that country is."""
	kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
	return any(phonenumbers.is_possible_number_for_type(number, kind) for kind in kinds)


def _readings(text: str, digits: str) -> list[str]:
	"""How a number may be meant, the likeliest first: the plus may be lost, or dialled as 00 or 8 10."""
	if "+" in text:
		return ["+" + digits]
	lost_plus = "+" + re.sub(r"^(?:00|810)", "", digits)
	if len(digits) == 11 and digits.startswith("7"):
		return [lost_plus, digits]
	return [digits, lost_plus] if len(digits) >= 11 else [digits]


def _parse(text: str, region: str) -> phonenumbers.PhoneNumber | None:
	try:
		return phonenumbers.parse(text, (region or "RU").upper())
	except phonenumbers.NumberParseException:
		return None


def _e164(number: phonenumbers.PhoneNumber) -> str:
	return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def split_phones(cell: str | None, region: str = "RU") -> list[str]:
	"""All phones of a cell in E.164, in order, once each; what is no phone is left out (see `unreadable_phones`)."""
	found = [normalise_phone(part, region) for part in phone_parts(cell)]
	return list(dict.fromkeys(phone for phone in found if phone))


def unreadable_phones(cell: str | None, region: str = "RU") -> list[str]:
	"""The parts of a cell that are no phone numbers, as typed."""
	return [part for part in phone_parts(cell) if not normalise_phone(part, region)]


def phone_parts(cell: str | None) -> list[str]:
	"""The cell cut at commas, semicolons, slashes and lines; empty parts are left out."""
	return [part.strip() for part in SEPARATORS.split(str(cell or "")) if part.strip()]


def has_letters(text: str | None) -> bool:
	"""True when letters stand where only a number (and its extension) may stand."""
	return bool(LETTERS.search(PREFIX.sub("", EXTENSION.sub("", str(text or "")))))


def phone_digits(phone: str) -> str:
	"""`+79161234567` → `79161234567`."""
	return re.sub(r"\D", "", phone or "")
