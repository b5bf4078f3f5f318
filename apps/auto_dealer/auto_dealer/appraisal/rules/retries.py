"""When a service that could not be reached is asked again."""

from __future__ import annotations

from datetime import datetime, timedelta

# Minutes after the first, second … failure; after the last one a person asks again.
PAUSES = (1, 5, 30, 120)


def next_try(failures: int, moment: datetime, asked_to_wait: int = 0) -> datetime | None:
	"""The time of the next try after this many failures; not before the seconds that the service asked for."""
	if not 1 <= failures <= len(PAUSES):
		return None
	return moment + max(timedelta(minutes=PAUSES[failures - 1]), timedelta(seconds=asked_to_wait))
