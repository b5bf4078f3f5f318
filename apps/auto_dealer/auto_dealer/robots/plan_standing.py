"""A robot that counts the time in a stage was switched on or changed: documents that stand there already are planned.

Only moments that lie ahead: a robot that is new today sends nothing for the time before it was there.
"""

from __future__ import annotations

from redis.exceptions import RedisError

import frappe
from frappe.utils import get_datetime

from auto_dealer.robots import clock, load_robots
from auto_dealer.robots.record_runs import WAITING, make_run, make_task, write_runs, write_tasks
from auto_dealer.robots.rules.robot import REPEAT_IN_STAGE, STAGE_TIMERS, RobotRule
from auto_dealer.robots.rules.timing import first_due, next_due
from auto_dealer.robots.stage_of import stage_field

JOB = "auto_dealer.robots.plan_standing.plan_standing"


def plan_after_commit(robot: str) -> None:
	"""On a fresh site nothing stands anywhere yet, and there may be no Redis."""
	if not frappe.flags.in_install:
		frappe.db.after_commit.add(lambda: _queue(robot))


def _queue(robot: str) -> None:
	try:
		frappe.enqueue(JOB, queue="long", robot=robot)
	except (RedisError, ConnectionError):
		plan_standing(robot)
		frappe.db.commit()  # noqa: TID251


def plan_standing(robot: str) -> int:
	"""The job; returns how many documents it planned. A moment that is planned already stays planned once."""
	rule = load_robots.find(robot)
	if not rule or rule.event not in STAGE_TIMERS:
		return 0
	meta = frappe.get_meta(rule.document_type)
	if not meta.has_field("stage_changed_at"):
		return 0
	filters = {stage_field(rule.document_type): rule.stage, "stage_changed_at": ("is", "set")}
	if rule.pipeline:
		filters["pipeline"] = rule.pipeline
	planned = [
		_plan(rule, name) for name in frappe.get_all(rule.document_type, filters, pluck="name", order_by=None)
	]
	rows = [row for row in planned if row]
	write_runs([run for run, _task in rows])
	write_tasks([task for _run, task in rows])
	return len(rows)


def _plan(rule: RobotRule, name: str) -> tuple[dict, dict] | None:
	waiting = {"robot": rule.name, "reference_name": name, "status": "Pending"}
	if frappe.db.exists("Robot Task", waiting):
		return None
	doc = frappe.get_doc(rule.document_type, name)
	entered, now = get_datetime(doc.stage_changed_at), clock.now()
	due = first_due(rule, entered)
	if due <= now:
		if rule.event != REPEAT_IN_STAGE:
			return None
		due = next_due(due, rule.repeat_every, now)
	run = make_run(rule, doc, rule.event, WAITING, next_try=due)
	# A key of its own: the one of the entry may belong to a run that was cancelled when the robot changed.
	key = f"{rule.name}:{name}:{entered}:{due:%Y%m%d%H%M%S}"
	return run, make_task(rule, doc, run, due, key, watched_value=str(doc.stage_changed_at))
