"""The states of a diagnostics request and what each needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NEW = "New"
WAITING = "Waiting for Leader"
CHOOSING = "Choosing the Visitor"
CONFIRMING = "Waiting for Confirmation"
VISIT = "Visit"
RESULT = "Result for Reading"
CLOSED = "Closed"
CANCELLED = "Cancelled"
FINAL = (CLOSED, CANCELLED)
BEFORE_VISIT = (NEW, WAITING, CHOOSING)
VISITING = (CONFIRMING, VISIT)

PRIMARY = ("vehicle_title", "address")
GIVEN = (*PRIMARY, "visitor", "visit_at")
FOUND = (*GIVEN, "checked_at", "actual_mileage", "condition", "conclusion", "body_result", "technical_result")
REQUIRED = {
	WAITING: PRIMARY,
	CHOOSING: (*PRIMARY, "leader"),
	CONFIRMING: (*GIVEN, "leader"),
	VISIT: (*GIVEN, "leader"),
	RESULT: (*FOUND, "leader"),
	CLOSED: (*FOUND, "leader"),
}


def missing_fields(state: str, values: Mapping[str, Any]) -> list[str]:
	"""Required fields that are empty; a mileage of 0 is none. A state of an admin's own asks for nothing."""
	return [field for field in REQUIRED.get(state, ()) if not is_filled(values.get(field))]


def is_filled(value: Any) -> bool:
	return bool(value.strip()) if isinstance(value, str) else bool(value)
