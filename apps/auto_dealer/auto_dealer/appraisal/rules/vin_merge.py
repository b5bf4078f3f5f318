"""What an answer by VIN may write into an appraisal: never over what a person has typed."""

from __future__ import annotations

from collections.abc import Mapping


def is_empty(value: object) -> bool:
	"""A zero of a number field is what nobody has typed."""
	return value in (None, "", 0)


def fill_empty(present: Mapping[str, object], found: Mapping[str, object]) -> dict[str, object]:
	"""The found values for fields in which there is nothing yet."""
	return {
		field: value
		for field, value in found.items()
		if not is_empty(value) and field in present and is_empty(present[field])
	}


def forget_other_car(present: Mapping[str, object], filled: Mapping[str, object]) -> list[str]:
	"""Fields that still hold what was filled in for another VIN; what a person has changed since stays."""
	return [
		field
		for field, value in filled.items()
		if field in present and not is_empty(value) and str(present[field]) == str(value)
	]
