"""The states of a booking and the ways between them."""

from __future__ import annotations

REQUESTED, CONFIRMED, ARRIVED, IN_WORK = "Requested", "Confirmed", "Arrived", "In Work"
DONE, NO_SHOW, CANCELLED = "Done", "No-show", "Cancelled"

# Time is taken in these; the others free it.
HOLDING = frozenset({REQUESTED, CONFIRMED, ARRIVED, IN_WORK, DONE})
# The client is still to come: reminders, moving, cancelling by the client.
AHEAD = frozenset({REQUESTED, CONFIRMED})
CLOSED = frozenset({DONE, NO_SHOW, CANCELLED})

# A client may come late after all, a mistake may be put right: then the time is taken anew, if it is still free.
WAYS = {
	REQUESTED: {CONFIRMED, ARRIVED, IN_WORK, NO_SHOW, CANCELLED},
	CONFIRMED: {REQUESTED, ARRIVED, IN_WORK, DONE, NO_SHOW, CANCELLED},
	ARRIVED: {CONFIRMED, IN_WORK, DONE, NO_SHOW, CANCELLED},
	IN_WORK: {ARRIVED, DONE, CANCELLED},
	DONE: {IN_WORK},
	NO_SHOW: {CONFIRMED, ARRIVED, CANCELLED},
	CANCELLED: {REQUESTED, CONFIRMED},
}


def can_move(before: str, after: str) -> bool:
	"""Whether a booking may go from one state to the other; to stay is no move."""
	return after in WAYS.get(before, ())


def holds_time(status: str | None) -> bool:
	return status in HOLDING
