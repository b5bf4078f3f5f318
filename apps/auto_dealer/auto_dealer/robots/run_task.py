"""One due task: looks again whether it still holds, does it, and writes down what came of it.

Pending ── holds ──> effect ──> Done (or the next moment of a repetition)
   ├─ stage left, condition gone, date moved, robot switched off ──> Cancelled
   ├─ quiet hours ──> Pending, in the morning
   └─ error ──> Pending after a growing pause ──> Failed: the administrators are told
"""

from __future__ import annotations

import json
from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import cstr, strip_html

from auto_dealer.robots import clock, load_robots
from auto_dealer.robots.conditions import Values, judge
from auto_dealer.robots.effects.registry import LOCKLESS, find_effect
from auto_dealer.robots.quiet_hours import postponed_to
from auto_dealer.robots.record_runs import CANCELLED, FAILED, RAN, WAITING, make_run, say_values, write_runs
from auto_dealer.robots.rules.events import stands_in
from auto_dealer.robots.rules.expressions import names_in
from auto_dealer.robots.rules.robot import STAGE_LEFT, RobotRule
from auto_dealer.robots.rules.timing import next_due, pause_after
from auto_dealer.robots.stage_of import pipeline_of, stage_of
from auto_dealer.robots.tell_administrators import tell_administrators
from auto_dealer.robots.watched_date import watched_date

QUIET_ACTIONS = ("Message Client",)
CHANGING = ("Move Stage", "Set Field", "Assign")


def run_task(task: frappe._dict) -> None:
	"""Within a transaction that holds the task's row; throws what the effect throws."""
	if task.action_path:
		_call(task)
		return
	robot = load_robots.find(task.robot)
	if not robot:
		_cancel(task, _("The robot is switched off or deleted."))
		return
	doc = _read(task, robot)
	if not doc:
		_cancel(task, _("The document is deleted."))
		return
	values = Values(doc, None, task.event)
	if reason := find_obstacle(task, robot, doc, values):
		_cancel(task, reason)
		return
	if (robot.has_quiet_hours or robot.action in QUIET_ACTIONS) and (later := postponed_to(doc)):
		_postpone(task, later, _("Quiet hours: waits for the morning."))
		return
	_act(task, robot, doc, values)


def find_obstacle(task: frappe._dict, robot: RobotRule, doc, values: Values) -> str:
	"""Why a task that waited must not run any more; "" when it still holds."""
	if _has_left(task, robot, doc):
		return _("The stage {0} was left for {1}.").format(_(task.stage or ""), _(stage_of(doc)))
	if robot.is_swept and task.watched_value != cstr(watched_date(robot, doc) or ""):
		return _("The date moved: {0} is no longer {1}.").format(
			robot.watched_field or "", task.watched_value
		)
	if robot.until_condition and judge(robot.until_condition, values).is_met:
		return _("“{0}” holds now").format(robot.until_condition)
	if _is_asked_again(task, robot):
		verdict = judge(robot.condition, values)
		if verdict.is_broken:
			raise frappe.ValidationError(verdict.reason)
		return verdict.reason
	return ""


def _has_left(task: frappe._dict, robot: RobotRule, doc) -> bool:
	if robot.action in CHANGING and robot.event != STAGE_LEFT:
		# What changes the document belongs to the stage it was meant in; what only tells has happened and is told.
		return not stands_in(robot, pipeline_of(doc), stage_of(doc)) or _left_since(task, robot, doc)
	return _left_since(task, robot, doc)


def _left_since(task: frappe._dict, robot: RobotRule, doc) -> bool:
	if not robot.ends_with_stage:
		return False
	if task.stage and (task.stage, task.pipeline or "") != (stage_of(doc), pipeline_of(doc)):
		return True
	entered = doc.get("stage_changed_at")
	return bool(entered and task.watched_value and cstr(entered) != task.watched_value)


def _is_asked_again(task: frappe._dict, robot: RobotRule) -> bool:
	"""What waited may have changed. What runs at once was judged in the save; the state before it is gone by now."""
	waited = robot.delay or robot.repeat_every or robot.is_swept or task.attempts
	return bool(robot.condition and waited and "before" not in names_in(robot.condition))


def _read(task: frappe._dict, robot: RobotRule):
	"""The document as it is now, locked unless the effect talks to the network: a save under way is waited for."""
	try:
		return frappe.get_doc(
			task.reference_doctype, task.reference_name, for_update=robot.action not in LOCKLESS
		)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return None


def _act(task: frappe._dict, robot: RobotRule, doc, values: Values) -> None:
	run = frappe._dict(name=task.run, task=task.name, event=task.event)
	user = robot.run_as or "Administrator"
	if frappe.session.user != user:
		frappe.set_user(user)
	frappe.flags.robot_chain = (*(task.chain or "").split(), robot.name)
	try:
		made = find_effect(robot.action)(robot, doc, robot.params, run) or []
	finally:
		frappe.flags.robot_chain = None
	now = clock.now()
	_note_run(task, robot, doc, values, outcome=RAN, ran_at=now, made="\n".join(made)[:2000] or None)
	if task.repeat_every:
		_repeat(task, robot, doc, next_due(task.due_at, task.repeat_every, now))
	else:
		_update_task(task, status="Done", done_at=now, reason=None)


def _repeat(task: frappe._dict, robot: RobotRule, doc, due) -> None:
	run = make_run(robot, doc, task.event, WAITING, _("Repeats."), next_try=due)
	write_runs([run])
	_update_task(task, due_at=due, attempts=0, reason=None, run=run["name"])


def _call(task: frappe._dict) -> None:
	"""A timer of another domain."""
	if task.action_path not in frappe.get_hooks("dealer_timed_actions"):
		_cancel(task, _("Nobody knows the action {0} any more.").format(task.action_path))
		return
	if frappe.session.user != "Administrator":
		frappe.set_user("Administrator")
	made = frappe.get_attr(task.action_path)(
		task.reference_doctype, task.reference_name, **json.loads(task.args or "{}")
	)
	now = clock.now()
	if task.repeat_every:
		_update_task(task, due_at=next_due(task.due_at, task.repeat_every, now), attempts=0)
	else:
		_update_task(task, status="Done", done_at=now, reason=cstr(made)[:500] or None)


def note_failure(task: frappe._dict, error: Exception, traceback: str) -> None:
	"""Waits and tries again; a stage that refuses and a used-up patience end the task and tell the administrators."""
	attempts = (task.attempts or 0) + 1
	is_final = type(error).__name__ == "StageGateError"
	pause = None if is_final else pause_after(attempts)
	reason = strip_html(cstr(error))[:500] or type(error).__name__
	run = {"reason": reason, "error": traceback[-5000:]}
	if pause:
		due = clock.now() + timedelta(seconds=pause)
		_update_task(task, attempts=attempts, due_at=due, reason=reason)
		_update_run(task, outcome=WAITING, next_try=due, **run)
		return
	_update_task(task, attempts=attempts, status="Failed", done_at=clock.now(), reason=reason)
	_update_run(task, outcome=FAILED, next_try=None, **run)
	tell_administrators(task, reason)


def _postpone(task: frappe._dict, due, reason: str) -> None:
	_update_task(task, due_at=due, reason=reason)
	_update_run(task, next_try=due, reason=reason)


def _cancel(task: frappe._dict, reason: str) -> None:
	_update_task(task, status="Cancelled", done_at=clock.now(), reason=reason)
	_update_run(task, outcome=CANCELLED, next_try=None, reason=reason)


def _note_run(task: frappe._dict, robot: RobotRule, doc, values: Values, **fields) -> None:
	verdict = judge(robot.condition, values) if _is_asked_again(task, robot) else None
	if verdict and verdict.seen:
		fields["values_seen"] = say_values(verdict.seen)
	if robot.run_as:
		fields["run_as"] = robot.run_as
	_update_run(task, next_try=None, reason=None, error=None, stage=stage_of(doc), **fields)


def _update_task(task: frappe._dict, **fields) -> None:
	frappe.db.set_value("Robot Task", task.name, fields)


def _update_run(task: frappe._dict, **fields) -> None:
	if task.run:
		frappe.db.set_value("Robot Run", task.run, fields)
