"""A robot as a frozen rule: when it is considered, on what condition it fires, and when it then runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

STAGE_ENTERED, STAGE_LEFT = "Stage Entered", "Stage Left"
SAVED, FIELD_CHANGED, FILE_ATTACHED = "Saved", "Field Changed", "File Attached"
PAYMENT_RECEIVED, MESSAGE_RECEIVED = "Payment Received", "Message Received"
FULLY_PAID, INVOICE_OVERDUE = "Fully Paid", "Invoice Overdue"
TIME_IN_STAGE, REPEAT_IN_STAGE = "Time in Stage", "Repeat in Stage"
DEADLINE_NEAR, DEADLINE_PAST = "Deadline Near", "Deadline Past"
DATE_NEAR, DATE_PAST = "Date Field Near", "Date Field Past"

# Looked for by the minute job in the documents' own dates: a save costs nothing, a moved date moves the timer.
SWEPT = frozenset({DEADLINE_NEAR, DEADLINE_PAST, DATE_NEAR, DATE_PAST})
BEFORE_DATE = frozenset({DEADLINE_NEAR, DATE_NEAR})
# Begin with the entry of a stage and end when it is left.
STAGE_TIMERS = frozenset({TIME_IN_STAGE, REPEAT_IN_STAGE})
# Come from outside the document's own save.
OUTER = frozenset({FILE_ATTACHED, PAYMENT_RECEIVED, FULLY_PAID, INVOICE_OVERDUE, MESSAGE_RECEIVED})

SECONDS = {"Minutes": 60, "Hours": 3600, "Days": 86400}


@dataclass(frozen=True)
class RobotRule:
	"""One robot. Empty `pipeline` or `stage`: any. Times are seconds; `params` holds what the action needs."""

	name: str
	title: str
	document_type: str
	event: str
	action: str
	pipeline: str = ""
	stage: str = ""
	watched_field: str = ""
	delay: int = 0
	repeat_every: int = 0
	condition: str = ""
	until_condition: str = ""
	has_quiet_hours: bool = False
	run_as: str = ""
	active_since: Any = None
	params: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)

	@property
	def is_swept(self) -> bool:
		return self.event in SWEPT

	@property
	def ends_with_stage(self) -> bool:
		"""Whether a run that waits is cancelled when the document leaves the stage it was planned in.

		A delay after the last stage of a deal (a letter a year later) holds as long as the deal stays there.
		"""
		return self.event in STAGE_TIMERS or (self.event == STAGE_ENTERED and bool(self.delay))


def seconds_of(value: float | None, unit: str | None) -> int:
	"""2, "Hours" → 7200; nothing → 0."""
	return round((value or 0) * SECONDS.get(unit or "Hours", 3600))
