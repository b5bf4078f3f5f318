"""What a request for an estimate must say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = {"client_name": 140, "phone": 60, "car": 140, "plate_or_vin": 40, "description": 4000}
PHOTO_KEY = re.compile(r"[a-z0-9]{8,32}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")


@dataclass(frozen=True)
class EstimateForm:
	"""Trimmed and cut texts; nothing is escaped."""

	client_name: str = ""
	phone: str = ""
	car: str = ""
	plate_or_vin: str = ""
	description: str = ""
	has_consent: bool = False

	def texts(self) -> dict[str, str]:
		return {name: getattr(self, name) for name in LONGEST}


def read_form(values: Mapping[str, object]) -> EstimateForm:
	"""The form of what was sent; what is no text counts as not sent."""
	texts = {name: read_text(values.get(name), most) for name, most in LONGEST.items()}
	return EstimateForm(**texts, has_consent=str(values.get("consent")) in ("1", "true", "True", "on"))


def read_text(value: object, most: int) -> str:
	return CONTROL.sub("", value).strip()[:most] if isinstance(value, str) else ""


def find_errors(form: EstimateForm, phone: str | None, photos: int) -> dict[str, str]:
	"""Field → code: missing, phone. `phone`: as it was understood, `photos`: how many have arrived."""
	errors = {
		name: "missing" for name in ("client_name", "phone", "car", "description") if not getattr(form, name)
	}
	if form.phone and not phone:
		errors["phone"] = "phone"
	if not photos:
		errors["photos"] = "missing"
	if not form.has_consent:
		errors["consent"] = "missing"
	return errors


def is_photo_key(key: object) -> bool:
	"""The browser's own name of a photo: repeated uploads of one photo are one photo."""
	return isinstance(key, str) and bool(PHOTO_KEY.fullmatch(key))
