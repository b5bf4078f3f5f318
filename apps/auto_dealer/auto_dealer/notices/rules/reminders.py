"""When a reminder comes."""

from __future__ import annotations

from datetime import datetime, timedelta


def reminder_at(due_at: datetime | None, hours: float, now: datetime) -> datetime | None:
	"""`hours` before `due_at`; at once when that moment is over already; None when there is nothing to remind of."""
	if not due_at or due_at <= now or hours < 0:
		return None
	return max(due_at - timedelta(hours=hours), now)
