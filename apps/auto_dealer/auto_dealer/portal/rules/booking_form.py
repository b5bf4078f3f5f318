"""What a client must say to book."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from auto_dealer.portal.rules.estimate_form import read_text

LONGEST = {
	"client_name": 140,
	"phone": 60,
	"email": 140,
	"make": 140,
	"model": 140,
	"other_car": 140,
	"vehicle": 140,
	"plate_or_vin": 40,
	"comment": 1000,
	"start": 19,
	"request_key": 43,
}
MOST_OFFERINGS = 6
LONGEST_NAME = 140
START = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
# A number with its check character and without a plate's look: 17 signs, or nearly.
SHORTEST_VIN = 14


@dataclass(frozen=True)
class BookingForm:
	"""Trimmed and cut texts. `offerings`: names without repeats."""

	offerings: tuple[str, ...] = ()
	client_name: str = ""
	phone: str = ""
	email: str = ""
	make: str = ""
	model: str = ""
	other_car: str = ""
	vehicle: str = ""
	plate_or_vin: str = ""
	comment: str = ""
	start: str = ""
	request_key: str = ""
	has_consent: bool = False

	@property
	def car(self) -> dict[str, str] | None:
		"""What the norms may be looked up by."""
		known = {name: getattr(self, name) for name in ("make", "model") if getattr(self, name)}
		return known or None


def read_booking(values: Mapping[str, object]) -> BookingForm:
	"""The form of what was sent; what is no text counts as not sent."""
	texts = {name: read_text(values.get(name), most) for name, most in LONGEST.items()}
	return BookingForm(
		offerings=read_offerings(values.get("offerings")),
		has_consent=str(values.get("consent")) in ("1", "true", "True", "on"),
		**texts,
	)


def read_offerings(value: object) -> tuple[str, ...]:
	if not isinstance(value, list | tuple):
		return ()
	names = (read_text(name, LONGEST_NAME) for name in value[: MOST_OFFERINGS + 1])
	return tuple(dict.fromkeys(name for name in names if name))[:MOST_OFFERINGS]


def find_booking_errors(
	form: BookingForm, phone: str | None, email: str | None, needs_car: bool
) -> dict[str, str]:
	"""Field → code: missing, phone, email. `phone` and `email`: as they were understood."""
	errors = {name: "missing" for name in ("client_name", "phone") if not getattr(form, name)}
	if form.phone and not phone:
		errors["phone"] = "phone"
	if form.email and not email:
		errors["email"] = "email"
	if not form.offerings:
		errors["offerings"] = "missing"
	if needs_car and not (form.make or form.other_car):
		errors["make"] = "missing"
	if not is_moment(form.start):
		errors["start"] = "missing"
	if not form.has_consent:
		errors["consent"] = "missing"
	return errors


def is_moment(text: str) -> bool:
	"""`2026-11-24 10:00:00` and nothing else."""
	try:
		return bool(START.fullmatch(text)) and bool(datetime.strptime(text, "%Y-%m-%d %H:%M:%S"))
	except ValueError:
		return False


def is_vin(folded: str) -> bool:
	"""Whether a folded text is rather a VIN than a plate."""
	return len(folded) >= SHORTEST_VIN
