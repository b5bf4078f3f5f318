"""Robots that go by a date in the document: every minute the documents whose moment has come get a task.

The dates themselves are asked, so nothing has to be written when a document is saved, and a date that moves takes its
timer with it. A moment counts once: the task's unique key is robot, document and date. What was due before the robot
was switched on, or longer ago than a week, is left alone.
"""

from __future__ import annotations

from datetime import timedelta

import frappe

from auto_dealer.robots import clock
from auto_dealer.robots.conditions import Values, judge
from auto_dealer.robots.load_robots import load_all
from auto_dealer.robots.record_runs import (
	DID_NOT_RUN,
	FAILED,
	WAITING,
	make_run,
	make_task,
	write_runs,
	write_tasks,
)
from auto_dealer.robots.rules.robot import BEFORE_DATE, DEADLINE_NEAR, DEADLINE_PAST, RobotRule
from auto_dealer.robots.stage_of import stage_field
from auto_dealer.robots.watched_date import date_field, watched_date

LOOK_BACK = timedelta(days=7)
MOST_A_ROUND = 500


def sweep() -> int:
	"""Plans what has become due; returns how many tasks it made. Commits nothing."""
	return sum(_sweep(robot) for robot in load_all().values() if robot.is_swept)


def _sweep(robot: RobotRule) -> int:
	runs, tasks = [], []
	for name in due_documents(robot):
		doc = frappe.get_doc(robot.document_type, name)
		run, task = _plan(robot, doc)
		runs.append(run)
		tasks.append(task)
	write_runs(runs)
	write_tasks(tasks)
	return len(tasks)


def _plan(robot: RobotRule, doc) -> tuple[dict, dict]:
	"""A document that does not meet the condition gets a finished task, so that it is not asked each minute."""
	date = watched_date(robot, doc)
	verdict = judge(robot.condition, Values(doc, None, robot.event))
	now = clock.now()
	outcome = WAITING if verdict.is_met else FAILED if verdict.is_broken else DID_NOT_RUN
	run = make_run(
		robot,
		doc,
		robot.event,
		outcome,
		verdict.reason,
		verdict.seen,
		next_try=now if verdict.is_met else None,
	)
	task = make_task(robot, doc, run, now, task_key(robot, doc.name, date), watched_value=str(date))
	if not verdict.is_met:
		task["status"] = "Cancelled"
	return run, task


def task_key(robot: RobotRule, name: str, date) -> str:
	"""As the query of `due_documents` puts it together."""
	return f"{robot.name}:{name}:{date:%Y%m%d%H%M%S}"


def due_documents(robot: RobotRule) -> list[str]:
	"""Names, the longest due first."""
	now, field = clock.now(), date_field(robot)
	shift = timedelta(seconds=robot.delay) * (1 if robot.event in BEFORE_DATE else -1)
	since = max(now - LOOK_BACK, robot.active_since or now - LOOK_BACK)
	conditions, values = [], []
	if robot.pipeline:
		conditions.append("and doc.pipeline = %s")
		values.append(robot.pipeline)
	if robot.stage:
		conditions.append(f"and doc.`{stage_field(robot.document_type)}` = %s")
		values.append(robot.stage)
	if robot.event in (DEADLINE_NEAR, DEADLINE_PAST) and frappe.get_meta(robot.document_type).has_field(
		"is_closed"
	):
		conditions.append("and doc.is_closed = 0")
	rows = frappe.db.sql(
		f"""select doc.name from `tab{robot.document_type}` doc
		left join `tabRobot Task` task
			on task.task_key = concat(%s, ':', doc.name, ':', date_format(doc.`{field}`, '%%Y%%m%%d%%H%%i%%s'))
		where doc.`{field}` > %s and doc.`{field}` <= %s and task.name is null {" ".join(conditions)}
		order by doc.`{field}` limit {MOST_A_ROUND}""",  # noqa: S608
		(robot.name, since + shift, now + shift, *values),
	)
	return [row[0] for row in rows]
