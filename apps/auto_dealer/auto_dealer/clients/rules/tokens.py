"""What a client or a car is found by: stored tokens, and the reading of what a person types into the search.

Every fragment search becomes a prefix search over stored tokens: a phone, VIN or plate is stored once for each of
its ends, a name once a word. So one indexed `like 'fragment%'` answers it.
"""

import re
from collections.abc import Iterable

from auto_dealer.clients.rules.phone import phone_digits
from auto_dealer.vehicles.rules.plate import fold_plate
from auto_dealer.vehicles.rules.vin import fold_vin

TOKEN_LENGTH = 60
PHONE_FRAGMENT = 4
VIN_FRAGMENT = 4
PLATE_FRAGMENT = 3
LONGEST_WORDS = 6
WORD = re.compile(r"[^\W_]+")
DIGITS_ONLY = re.compile(r"^[\d\s()+\-./]+$")
MIX = re.compile(r"^(?=.*\d)(?=.*[^\W\d_])[^\W_]+$")


def fold_name(text: str | None) -> str:
	"""Lower case, ё as е: how names are compared."""
	return str(text or "").lower().replace("ё", "е")


def name_tokens(name: str | None) -> set[str]:
	"""Each word of a name."""
	return {word[:TOKEN_LENGTH] for word in WORD.findall(fold_name(name))}


def suffixes(text: str, shortest: int) -> set[str]:
	"""All ends of a text that are at least `shortest` long, so that any inner fragment begins one of them."""
	text = text.lower()[:TOKEN_LENGTH]
	return (
		{text[start:] for start in range(len(text) - shortest + 1)}
		if len(text) >= shortest
		else {text} - {""}
	)


def email_tokens(email: str | None) -> set[str]:
	"""The address and its ends after each `.`, `-`, `_`, `+`, `@`: any of its parts begins a token."""
	email = str(email or "").strip().lower()
	starts = [0] + [match.end() for match in re.finditer(r"[.\-_+@]", email)]
	return {email[start:][:TOKEN_LENGTH] for start in starts if len(email[start:]) >= 3}


def client_tokens(
	name: str | None = None,
	phones: Iterable[str] = (),
	emails: Iterable[str] = (),
	messengers: Iterable[str] = (),
) -> set[str]:
	"""The tokens of a client's card or of a lead."""
	tokens = name_tokens(name)
	for phone in phones:
		tokens |= suffixes(phone_digits(phone), PHONE_FRAGMENT)
	for email in emails:
		tokens |= email_tokens(email)
	for messenger in messengers:
		tokens |= {str(messenger).strip().lower()[:TOKEN_LENGTH]} | name_tokens(messenger)
	return tokens - {""}


def vehicle_tokens(
	vin: str | None = None,
	plate: str | None = None,
	frame_number: str | None = None,
	title: str | None = None,
) -> set[str]:
	"""The tokens of a car."""
	tokens = suffixes(fold_vin(vin), VIN_FRAGMENT) | suffixes(fold_plate(plate), PLATE_FRAGMENT)
	frame = fold_vin(frame_number)
	return (tokens | suffixes(frame, VIN_FRAGMENT) | name_tokens(title)) - {""}


def read_query(text: str | None) -> list[list[list[str]]]:
	"""Readings of what was typed; a reading is words that all must be met, a word is prefixes of which one is enough.

	`Иван 9161` → one reading of two words. `+7 (916) 123` and `а 123 вс 777` are also read as one word without the
	gaps. Nothing that could be looked up gives an empty list.
	"""
	text = fold_name(text).strip()[:140]
	readings = []
	squeezed = re.sub(r"[^\w@]", "", text).replace("_", "")
	if DIGITS_ONLY.match(text) or (" " in text and MIX.match(squeezed)):
		readings.append([_prefixes(squeezed)])
	if not DIGITS_ONLY.match(text) or (" " in text and not readings):
		readings.append([_prefixes(word) for word in _words(text)])
	unique = []
	for reading in readings:
		cleaned = [prefixes for prefixes in reading if prefixes]
		if cleaned and cleaned not in unique:
			unique.append(cleaned)
	return unique


def _words(text: str) -> list[str]:
	"""E-mails stay whole; else letters and digits; single letters count only when there is nothing longer."""
	words = []
	for chunk in text.split():
		words += [chunk.strip(".,;<>()")] if "@" in chunk else WORD.findall(chunk)
	longer = [word for word in words if len(word) > 1]
	return list(dict.fromkeys(longer or words))[:LONGEST_WORDS]


def _prefixes(word: str) -> list[str]:
	"""The stored forms a typed word may stand for."""
	if not word:
		return []
	forms = [word[:TOKEN_LENGTH]]
	if word.isdigit() and word.startswith("8") and len(word) > PHONE_FRAGMENT:
		forms.append("7" + word[1:])
	if not word.isdigit() and "@" not in word:
		forms += [form.lower() for form in (fold_plate(word), fold_vin(word)) if form.isascii()]
	return list(dict.fromkeys(form[:TOKEN_LENGTH] for form in forms if form))
