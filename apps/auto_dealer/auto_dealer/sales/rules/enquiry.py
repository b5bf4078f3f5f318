"""What may happen to an enquiry (lead): pure decisions, no database.

Statuses: New → In Progress → Converted (became a deal). A repeat contact of a client with an open deal is
Attached to Deal; what is no business of ours is Junk, who does not want is Refused. Converted and Attached are
reached by their use cases only and are never left again.
"""

from dataclasses import dataclass

NEW = "New"
IN_PROGRESS = "In Progress"
ATTACHED = "Attached to Deal"
CONVERTED = "Converted"
JUNK = "Junk"
REFUSED = "Refused"

CLOSED_WITHOUT_DEAL = frozenset({JUNK, REFUSED})
BY_USE_CASE_ONLY = frozenset({ATTACHED, CONVERTED})
STATUS_MOVES = {
	NEW: frozenset({IN_PROGRESS, JUNK, REFUSED}),
	IN_PROGRESS: frozenset({JUNK, REFUSED}),
	JUNK: frozenset({IN_PROGRESS}),
	REFUSED: frozenset({IN_PROGRESS}),
	ATTACHED: frozenset(),
	CONVERTED: frozenset(),
}

# Outcomes of `decide_repeat`.
CREATE = "create"
ASK_TO_ATTACH = "ask to attach"
REFUSE_SECONDARY = "refuse secondary"


@dataclass(frozen=True)
class RepeatDecision:
	"""`outcome` and whether the client may still get a second, separate enquiry."""

	outcome: str
	can_separate: bool = False


def decide_repeat(
	*, is_target: bool, is_secondary: bool, is_separate: bool, has_active_deal: bool
) -> RepeatDecision:
	"""What becomes of a new enquiry of a client who may have an open deal (R7-R11).

	A secondary type never stands alone: it is attached to the open deal or refused when there is none.
	A primary one may go on beside the open deal when the user says that it is a separate matter.
	A wrong number or other non-target enquiry is only written down.
	"""
	if not is_target:
		return RepeatDecision(CREATE)
	if is_secondary:
		return RepeatDecision(ASK_TO_ATTACH if has_active_deal else REFUSE_SECONDARY)
	if has_active_deal and not is_separate:
		return RepeatDecision(ASK_TO_ATTACH, can_separate=True)
	return RepeatDecision(CREATE, can_separate=has_active_deal)


def can_change_status(before: str | None, after: str) -> bool:
	"""Whether a person may set this status by hand; `before` is None for a new enquiry."""
	if before == after:
		return True
	if before is None:
		return after not in BY_USE_CASE_ONLY
	return after in STATUS_MOVES.get(before, frozenset())


def needs_reason(status: str) -> bool:
	"""Junk and Refused are sifted out with a reason, so that the quality of a source can be judged (R14)."""
	return status in CLOSED_WITHOUT_DEAL


def is_empty_card(is_target: bool, *identity: str | None) -> bool:
	"""True when a target enquiry names nobody: no name, phone, messenger, e-mail, contact or customer (R15)."""
	return is_target and not any((value or "").strip() for value in identity)


def has_responded(before: str | None, after: str) -> bool:
	"""Somebody dealt with the enquiry for the first time: it leaves New."""
	return after != NEW and before in (None, NEW)
