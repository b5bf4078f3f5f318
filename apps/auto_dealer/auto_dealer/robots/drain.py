"""Runs what is due. Any number of workers may drain at once: each task is locked by its row while it runs.

A task is one transaction: what it did and its status are committed together, so a killed worker leaves it waiting and
nothing else. (A webhook is the exception: the outer world cannot be rolled back, it is told at least once.)

Candidates are read without a lock and then locked one by one by their primary key with SKIP LOCKED. A locking read of
the range would lock gaps too, and a user's save that plans a task would wait for robots.
"""

from __future__ import annotations

import time

import frappe

from auto_dealer.robots import clock
from auto_dealer.robots.run_task import note_failure, run_task

BATCH = 200
SECONDS = 240
SAVEPOINT = "dealer_task"
LOCK = "select * from `tabRobot Task` where name = %s and status = 'Pending' and due_at <= %s for update skip locked"


def drain(seconds: int = SECONDS) -> int:
	"""Runs due tasks until none is left or the time is over; returns how many. The job of a worker."""
	deadline = time.monotonic() + seconds
	user, seen, done = frappe.session.user, set(), 0
	try:
		while names := [name for name in due_tasks() if name not in seen]:
			for name in names:
				seen.add(name)
				done += _work(name)
				if time.monotonic() > deadline:
					return done
			seen = seen if len(seen) < BATCH * 50 else set(names)
		return done
	finally:
		if frappe.session.user != user:
			frappe.set_user(user)


def due_tasks() -> list[str]:
	rows = frappe.db.sql(
		"select name from `tabRobot Task` where status = 'Pending' and due_at <= %s order by due_at limit %s",
		(clock.now(), BATCH),
	)
	# Ends the view of the database that the plain read has opened.
	frappe.db.commit()  # noqa: TID251
	return [row[0] for row in rows]


def _work(name: str) -> bool:
	"""Locks and runs one task; False when another worker has it or had it."""
	try:
		task = _lock(name)
		if not task:
			return False
		_run(task)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		_note_lost(name)
	frappe.db.commit()  # noqa: TID251
	return True


def _lock(name: str) -> frappe._dict | None:
	found = frappe.db.sql(LOCK, (name, clock.now()), as_dict=True)
	return found[0] if found else None


def _run(task: frappe._dict) -> None:
	frappe.db.savepoint(SAVEPOINT)
	try:
		run_task(task)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise
	except Exception as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		note_failure(task, error, frappe.get_traceback())
	finally:
		frappe.flags.robot_chain = None
		frappe.clear_messages()
		frappe.response.pop("stage_gate", None)


def _note_lost(name: str) -> None:
	"""The database has thrown the transaction away; the task is locked anew to write that down."""
	traceback = frappe.get_traceback()
	frappe.db.rollback()
	if task := _lock(name):
		note_failure(task, frappe.QueryDeadlockError("deadlock"), traceback)
