"""The states of a detailing request, what each needs, and the fork by the kind of contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auto_dealer.processes.rules.diagnostics import is_filled

DRAFT = "Draft"
APPROVAL = "Price Approval"
CORRECTION = "Correction"
HAND_OVER = "Hand Over to Detailing"
DETAILING = "Detailing"
DONE = "Detailing Done"
SHOOT = "Photo Shoot"
PASSED = "Passed to Sales"
CANCELLED = "Cancelled"
FINAL = (PASSED, CANCELLED)
WITH_AUTHOR = (DRAFT, CORRECTION)
SHOOTING = (DONE, SHOOT)

BUYOUT, COMMISSION = "Buyout", "Commission"
SENT, RETURNED, AGREED = "Sent", "Returned", "Agreed"

PRIMARY = ("contract_kind", "vehicle_title", "works")
REQUIRED = {
	APPROVAL: (*PRIMARY, "price"),
	HAND_OVER: PRIMARY,
	DETAILING: (*PRIMARY, "administrator", "due_at"),
	DONE: (*PRIMARY, "administrator", "due_at"),
	SHOOT: ("photographer",),
}


def first_state(contract_kind: str) -> str:
	"""A commission goes straight to detailing, a buy-out needs its price agreed first (R161, R162)."""
	return HAND_OVER if contract_kind == COMMISSION else APPROVAL


def missing_fields(state: str, values: Mapping[str, Any]) -> list[str]:
	"""Required fields that are empty. A state of an admin's own asks for nothing."""
	return [field for field in REQUIRED.get(state, ()) if not is_filled(values.get(field))]


def is_fork_right(contract_kind: str, before: str, state: str) -> bool:
	"""Whether the request leaves its draft by the way of its contract."""
	if before != DRAFT or state not in (APPROVAL, HAND_OVER):
		return True
	return state == first_state(contract_kind)


def message_of(before: str, state: str) -> str:
	"""The turn of the conversation that a change of state is; "" for none."""
	if state == APPROVAL:
		return SENT
	if before == APPROVAL:
		return {CORRECTION: RETURNED, HAND_OVER: AGREED}.get(state, "")
	return ""


def changed_works(before: list[tuple], after: list[tuple]) -> bool:
	"""Whether the agreed list is another one: which works, and what they cost."""
	return sorted(map(str, before)) != sorted(map(str, after))
