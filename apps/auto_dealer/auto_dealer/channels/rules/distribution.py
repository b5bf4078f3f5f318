"""Whom a new enquiry goes to, and where the deal starts: pure decisions."""

from __future__ import annotations

from collections.abc import Sequence

from auto_dealer.channels.rules.payload import CALL_ANSWERED, CALL_MISSED, EMAIL, MESSAGE, WEB_FORM

PRIMARY_TYPES = {
	CALL_ANSWERED: "Primary Call",
	CALL_MISSED: "Primary Call",
	WEB_FORM: "Web Form",
	MESSAGE: "Message",
	EMAIL: "E-mail",
}
SECONDARY_TYPES = {CALL_ANSWERED: "Secondary Call", CALL_MISSED: "Secondary Call"}


def next_in_turn(users: Sequence[str], turn: int) -> str | None:
	"""The user whose turn it is; `turn` counts 1, 2, 3, …; None when nobody is left."""
	return users[(turn - 1) % len(users)] if users else None


def enquiry_type_of(kind: str, is_repeat: bool) -> str:
	"""The shipped enquiry type of a kind of contact; a repeat form or message keeps its type."""
	return (SECONDARY_TYPES if is_repeat else {}).get(kind) or PRIMARY_TYPES[kind]


def starts_at_work(kind: str, responsible: str | None) -> bool:
	"""An answered call whose answerer is known begins after the entry stage (R43); everything else is unsorted (R44)."""
	return kind == CALL_ANSWERED and bool(responsible)
