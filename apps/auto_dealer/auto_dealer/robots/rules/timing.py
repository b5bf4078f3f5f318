"""When a robot runs: delays, repeats, quiet hours, pauses between retries. Times are given, never asked for."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from auto_dealer.robots.rules.robot import BEFORE_DATE, RobotRule

# Seconds before the next try; after the last one an administrator is told.
PAUSES = (60, 300, 1800, 7200, 43200)


def first_due(robot: RobotRule, now: datetime) -> datetime:
	"""A robot on an event runs after its delay, one that repeats after its period when it has no delay."""
	return now + timedelta(seconds=robot.delay or robot.repeat_every)


def next_due(due: datetime, every: int, now: datetime) -> datetime:
	"""The next moment of a repetition that lies ahead: after a stop of a week one reminder comes, not seven."""
	if every <= 0:
		raise ValueError("a repetition needs a period")
	missed = max(0, int((now - due).total_seconds() // every))
	return due + timedelta(seconds=every * (missed + 1))


def pause_after(attempts: int) -> int | None:
	"""Seconds to wait after so many failed tries; None: no further try."""
	return PAUSES[attempts - 1] if 1 <= attempts <= len(PAUSES) else None


def due_of_date(robot: RobotRule, date: datetime) -> datetime:
	"""The moment a swept robot belongs to: so long before (Near) or after (Past) the date of the document."""
	delay = timedelta(seconds=robot.delay)
	return date - delay if robot.event in BEFORE_DATE else date + delay


def end_of_quiet(local: datetime, start: time, end: time) -> datetime | None:
	"""When the quiet hours end that `local` falls into; None when it does not. 21:00-09:00 goes over midnight."""
	if start == end:
		return None
	at = local.time()
	if start < end:
		return (
			local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
			if start <= at < end
			else None
		)
	if at >= start:
		local += timedelta(days=1)
	elif at >= end:
		return None
	return local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
