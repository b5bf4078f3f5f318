"""When something that a device noted really happened. The device's clock may be wrong; how long ago it was is not.

A device sends with each event its own time of the event and its own time of sending: the difference is how long the
event lay on the device. Times are naive datetimes of the site.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Moment:
	"""`is_corrected`: the device's word could not be taken as it was."""

	at: datetime
	is_corrected: bool = False


def moment_of(
	event_ms: float, sent_ms: float, received: datetime, most: timedelta, not_before: datetime | None = None
) -> Moment:
	"""The time of an event on the server's clock.

	`most` is the longest that an event is believed to have lain; `not_before` the end of what the same mechanic has
	noted before: one person's times never overlap.
	"""
	age = timedelta(milliseconds=sent_ms - event_ms)
	believed = min(max(age, timedelta(0)), most)
	at = received - believed
	is_corrected = believed != age
	if not_before and at < not_before:
		# A device that lags by less than a second has nothing wrong with it.
		is_corrected = is_corrected or not_before - at > timedelta(seconds=1)
		at = not_before
	return Moment(at.replace(microsecond=0), is_corrected)


def minutes_between(start: datetime, end: datetime) -> float:
	"""In hundredths of a minute, never negative."""
	return round(max((end - start).total_seconds(), 0) / 60, 2)
