"""When a bank that could not be reached is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

# Minutes after the first, second … failure; after the last one the specialist decides.
PAUSES = (1, 5, 30, 120)


def next_try(failures: int, moment: datetime) -> datetime | None:
	"""The time of the next try after this many failures; None when there is none any more."""
	if not 1 <= failures <= len(PAUSES):
		return None
	return moment + timedelta(minutes=PAUSES[failures - 1])
