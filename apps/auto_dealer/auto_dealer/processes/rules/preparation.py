"""How long a car has been in each step between buyout and sale, and which step is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

DAY = 86400
Step = tuple[str, str]


@dataclass(frozen=True)
class Move:
	"""A row of the stage log: what was left when, after how many seconds."""

	from_pipeline: str
	from_stage: str
	seconds: int


@dataclass(frozen=True)
class Late:
	"""A step that took longer than it may; `is_now`: the car is still in it."""

	step: Step
	seconds_over: int
	is_now: bool


def time_in_steps(
	moves: Iterable[Move], current: Step, since: datetime | None, now: datetime
) -> dict[Step, int]:
	"""Seconds by (pipeline, stage); a step that was entered twice counts both times."""
	spent: dict[Step, int] = {}
	for move in moves:
		if move.from_stage:
			step = (move.from_pipeline, move.from_stage)
			spent[step] = spent.get(step, 0) + max(move.seconds, 0)
	running = max(int((now - since).total_seconds()), 0) if since else 0
	spent[current] = spent.get(current, 0) + running
	return spent


def find_late(
	spent: Mapping[Step, int], deadlines: Mapping[Step, float], current: Step, overdue_seconds: int = 0
) -> Late | None:
	"""The present step when it is overdue, else the past one with the longest delay. `deadlines`: hours, 0 for none."""
	if overdue_seconds > 0:
		return Late(current, overdue_seconds, True)
	over = {
		step: int(seconds - deadlines[step] * 3600)
		for step, seconds in spent.items()
		if step != current and deadlines.get(step) and seconds > deadlines[step] * 3600
	}
	if not over:
		return None
	worst = max(over, key=lambda step: (over[step], step))
	return Late(worst, over[worst], False)


def days(seconds: int) -> float:
	return round(seconds / DAY, 1)
