"""What happened to a document is shown to its robots: who fires gets a task, everybody considered gets a log row.

Called within the user's save. Nothing is done here but writing rows: effects come after the commit, in a worker
(`drain`). Robots that are not concerned cost no SQL.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _

from auto_dealer.robots import clock, schedule
from auto_dealer.robots.conditions import Values, judge
from auto_dealer.robots.load_robots import load
from auto_dealer.robots.queue_drain import queue_after_commit
from auto_dealer.robots.record_runs import (
	DID_NOT_RUN,
	FAILED,
	WAITING,
	make_run,
	make_task,
	write_runs,
	write_tasks,
)
from auto_dealer.robots.rules.chain import OWN_CHANGE, find_cut
from auto_dealer.robots.rules.events import Change, concerned, stands_in
from auto_dealer.robots.rules.robot import FIELD_CHANGED, STAGE_TIMERS, RobotRule
from auto_dealer.robots.rules.timing import first_due
from auto_dealer.robots.stage_of import pipeline_of, stage_of

SAVEPOINT = "dealer_robots"


def fire(doc, before=None, extra_events: Iterable[str] = (), is_save: bool = True) -> None:
	"""Shows a save (or, with `is_save` False, `extra_events` only) to the document's robots.

	`before`: the document as it was, None for a new one. Never throws but for a deadlock, which ends the user's
	transaction anyway: whatever else goes wrong with a robot is logged and the save goes on.
	"""
	if is_silent(doc):
		return
	try:
		_show(doc, before, frozenset(extra_events), is_save)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise
	except Exception:
		frappe.log_error(f"Robots of {doc.doctype} {doc.name}")


def _show(doc, before, extra_events: frozenset[str], is_save: bool) -> None:
	robots = load(doc.doctype)
	if not robots:
		return
	change = read_change(doc, before, extra_events, is_save, robots)
	considered = list(concerned(robots, change))
	leaves = change.is_save and change.moved and any(_may_wait(robot, change) for robot in robots)
	if considered or leaves:
		_guarded(doc, before, change, considered, leaves)


def fire_event(doctype: str, name: str, event: str) -> None:
	"""An event that comes from outside a save (a file, a message, a payment); the document is read only if a robot
	waits for such."""
	if any(robot.event == event for robot in load(doctype)) and frappe.db.exists(doctype, name):
		fire(frappe.get_doc(doctype, name), None, (event,), is_save=False)


def is_silent(doc) -> bool:
	"""What is no event of today: installation, imports and demo data, which name the moment of a move themselves."""
	flags = frappe.flags
	return bool(
		flags.in_install
		or flags.in_migrate
		or flags.in_patch
		or flags.in_import
		or flags.no_robots
		or doc.flags.no_robots
		or doc.flags.stage_at
	)


def read_change(
	doc, before, extra_events: frozenset[str], is_save: bool, robots: Iterable[RobotRule]
) -> Change:
	watched = {robot.watched_field for robot in robots if robot.event == FIELD_CHANGED}
	changed = {
		field
		for field in watched
		if before is not None and (before.get(field) or None) != (doc.get(field) or None)
	}
	if before is None and is_save:
		changed = {field for field in watched if doc.get(field)}
	return Change(
		pipeline=pipeline_of(doc),
		stage=stage_of(doc),
		before_pipeline=pipeline_of(before),
		before_stage=stage_of(before),
		is_new=is_save and before is None,
		is_save=is_save,
		extra_events=extra_events,
		changed_fields=frozenset(changed),
	)


def _may_wait(robot: RobotRule, change: Change) -> bool:
	return robot.ends_with_stage and stands_in(robot, change.before_pipeline, change.before_stage)


def _guarded(doc, before, change: Change, considered: list[RobotRule], leaves: bool) -> None:
	frappe.db.savepoint(SAVEPOINT)
	try:
		if leaves:
			schedule.cancel_of_stage(doc, change.before_pipeline, change.before_stage)
		_write(doc, before, considered)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise
	except Exception:
		frappe.db.rollback(save_point=SAVEPOINT)
		raise


def _write(doc, before, considered: list[RobotRule]) -> None:
	runs, tasks = [], []
	for robot in considered:
		run, task = _consider(robot, doc, before)
		runs.append(run)
		if task:
			tasks.append(task)
	write_runs(runs)
	write_tasks(tasks)
	if any(task["due_at"] <= clock.now() for task in tasks):
		queue_after_commit()


def _consider(robot: RobotRule, doc, before) -> tuple[dict, dict | None]:
	cut = find_cut(tuple(frappe.flags.robot_chain or ()), robot.name)
	if cut == OWN_CHANGE:
		return make_run(
			robot, doc, robot.event, DID_NOT_RUN, _("Its own change does not start it again.")
		), None
	if cut:
		return make_run(robot, doc, robot.event, FAILED, chain_message()), None
	values = Values(doc, before, robot.event)
	verdict = judge(robot.condition, values)
	if not verdict.is_met:
		outcome = FAILED if verdict.is_broken else DID_NOT_RUN
		return make_run(robot, doc, robot.event, outcome, verdict.reason, verdict.seen), None
	if robot.until_condition and judge(robot.until_condition, values).is_met:
		reason = _("“{0}” holds already").format(robot.until_condition)
		return make_run(robot, doc, robot.event, DID_NOT_RUN, reason, verdict.seen), None
	due = first_due(robot, clock.now())
	run = make_run(robot, doc, robot.event, WAITING, "", verdict.seen, next_try=due)
	entry = str(doc.get("stage_changed_at") or clock.now()) if robot.ends_with_stage else ""
	key = f"{robot.name}:{doc.name}:{entry}" if robot.event in STAGE_TIMERS else ""
	return run, make_task(robot, doc, run, due, key, watched_value=entry or None)


def chain_message() -> str:
	titles = " → ".join(robot for robot in frappe.flags.robot_chain or ())
	return _("Robots started each other {0} times in a row; the chain was cut here: {1}").format(
		len(frappe.flags.robot_chain or ()), titles
	)
