"""The date in a document that a robot goes by."""

from __future__ import annotations

from datetime import datetime

from frappe.utils import get_datetime

from auto_dealer.robots.rules.robot import DEADLINE_NEAR, DEADLINE_PAST, RobotRule
from auto_dealer.robots.stage_of import deadline_field


def date_field(robot: RobotRule) -> str:
	if robot.event in (DEADLINE_NEAR, DEADLINE_PAST):
		return deadline_field(robot.document_type)
	return robot.watched_field


def watched_date(robot: RobotRule, doc) -> datetime | None:
	"""A day without a time is its midnight."""
	value = doc.get(date_field(robot))
	return get_datetime(value) if value else None
