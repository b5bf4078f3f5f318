"""Which robots a save concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from auto_dealer.robots.rules.robot import (
	FIELD_CHANGED,
	SAVED,
	STAGE_ENTERED,
	STAGE_LEFT,
	STAGE_TIMERS,
	RobotRule,
)


@dataclass(frozen=True)
class Change:
	"""One save of a document, or an event that came to it from outside (`extra_events`, with `is_save` False)."""

	pipeline: str = ""
	stage: str = ""
	before_pipeline: str = ""
	before_stage: str = ""
	is_new: bool = False
	is_save: bool = True
	extra_events: frozenset[str] = frozenset()
	changed_fields: frozenset[str] = field(default_factory=frozenset)

	@property
	def entered(self) -> bool:
		return self.is_save and (self.is_new or self.moved)

	@property
	def moved(self) -> bool:
		return not self.is_new and (self.before_pipeline, self.before_stage) != (self.pipeline, self.stage)


def concerned(robots: Iterable[RobotRule], change: Change) -> Iterator[RobotRule]:
	"""The robots to be considered, in their order."""
	return (robot for robot in robots if is_concerned(robot, change))


def is_concerned(robot: RobotRule, change: Change) -> bool:
	if robot.event == STAGE_LEFT:
		return (
			change.is_save and change.moved and stands_in(robot, change.before_pipeline, change.before_stage)
		)
	if not stands_in(robot, change.pipeline, change.stage):
		return False
	if robot.event == STAGE_ENTERED or robot.event in STAGE_TIMERS:
		return change.entered
	if robot.event == SAVED:
		return change.is_save
	if robot.event == FIELD_CHANGED:
		return change.is_save and robot.watched_field in change.changed_fields
	return robot.event in change.extra_events


def stands_in(robot: RobotRule, pipeline: str, stage: str) -> bool:
	return (not robot.pipeline or robot.pipeline == pipeline) and (not robot.stage or robot.stage == stage)
