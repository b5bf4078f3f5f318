"""Timers: rows of Robot Task that follow the data they belong to.

Other domains plan their own, each with a unique key and a function of the hook `dealer_timed_actions`:

	schedule.plan("visit:V-1", visit.starts_at - 2 h, "auto_dealer.processes.visits.remind", ("Visit", "V-1"))
	schedule.move("visit:V-1", new_moment)      schedule.cancel("visit:V-1")

The function is called with (reference doctype, name, **args) and returns what it made, or None.

A task that a worker runs at this very moment is not waited for: the worker looks at the data itself under the
document's lock. So no save ever stands behind a robot.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import frappe
from frappe import _

from auto_dealer.robots import clock
from auto_dealer.robots.queue_drain import queue_after_commit
from auto_dealer.robots.record_runs import CANCELLED
from auto_dealer.robots.stage_of import stage_of


class UnknownTimedAction(frappe.ValidationError):
	"""The function is not in the hook `dealer_timed_actions`."""


def plan(
	key: str,
	due_at: datetime,
	action_path: str,
	reference: tuple[str, str],
	args: dict[str, Any] | None = None,
	repeat_every: int | None = None,
) -> None:
	"""Plans a call; the same key again moves it and wakes it up when it was done. `repeat_every`: seconds."""
	if action_path not in frappe.get_hooks("dealer_timed_actions"):
		raise UnknownTimedAction(action_path)
	now, user = frappe.utils.now_datetime(), frappe.session.user
	frappe.db.sql(
		"""insert into `tabRobot Task`
		(name, creation, modified, owner, modified_by, task_key, action_path, reference_doctype, reference_name,
		args, repeat_every, due_at, status, attempts)
		values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'Pending', 0)
		on duplicate key update due_at = values(due_at), args = values(args), repeat_every = values(repeat_every),
		status = 'Pending', attempts = 0, reason = null, modified = values(modified)""",
		(
			*(frappe.generate_hash(length=10), now, now, user, user, key, action_path, *reference),
			*(json.dumps(args or {}, default=str), repeat_every or 0, due_at),
		),
	)
	if due_at <= clock.now():
		queue_after_commit()


def move(key: str, due_at: datetime) -> None:
	"""The date moved, so the timer moves; one that was done or cancelled waits again."""
	frappe.db.sql(
		"""update `tabRobot Task` set due_at = %s, status = 'Pending', attempts = 0, reason = null, modified = %s
		where task_key = %s and not (status = 'Pending' and due_at = %s)""",
		(due_at, frappe.utils.now_datetime(), key, due_at),
	)


def cancel(key: str, reason: str = "") -> None:
	names = frappe.db.sql(
		"select name, run from `tabRobot Task` where task_key = %s and status = 'Pending' for update skip locked",
		key,
		as_dict=True,
	)
	_cancel(names, reason)


def cancel_of_stage(doc, pipeline: str, stage: str) -> None:
	"""The document has left the stage: what was to be done in it is not done any more, and the log says so."""
	rows = frappe.db.sql(
		"""select name, run from `tabRobot Task`
		where reference_name = %s and status = 'Pending' and reference_doctype = %s
		and stage = %s and coalesce(pipeline, '') = %s and coalesce(watched_value, '') != ''
		and event in ('Stage Entered', 'Time in Stage', 'Repeat in Stage') for update skip locked""",
		(doc.name, doc.doctype, stage, pipeline),
		as_dict=True,
	)
	_cancel(rows, _("The stage {0} was left for {1}.").format(_(stage), _(stage_of(doc))))


def cancel_of_robot(robot: str, reason: str) -> None:
	"""The robot is switched off, changed or deleted."""
	rows = frappe.db.sql(
		"select name, run from `tabRobot Task` where robot = %s and status = 'Pending' for update skip locked",
		robot,
		as_dict=True,
	)
	_cancel(rows, reason)


def _cancel(rows: list, reason: str) -> None:
	if not rows:
		return
	now = frappe.utils.now_datetime()
	frappe.db.sql(
		"update `tabRobot Task` set status = 'Cancelled', reason = %s, done_at = %s, modified = %s where name in %s",
		(reason or None, now, now, [row.name for row in rows]),
	)
	if runs := [row.run for row in rows if row.run]:
		frappe.db.sql(
			"""update `tabRobot Run` set outcome = %s, reason = %s, next_try = null, modified = %s
			where name in %s and outcome = 'Waiting'""",
			(CANCELLED, reason or None, now, runs),
		)
