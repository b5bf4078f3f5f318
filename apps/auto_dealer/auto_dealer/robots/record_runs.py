"""Rows of Robot Run and Robot Task, written without the life cycle of a document: one INSERT for many."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cstr

from auto_dealer.robots import clock
from auto_dealer.robots.rules.robot import RobotRule
from auto_dealer.robots.stage_of import pipeline_of, stage_of

WAITING, RAN, DID_NOT_RUN, CANCELLED, FAILED = "Waiting", "Ran", "Did Not Run", "Cancelled", "Failed"
STAMPS = ("name", "creation", "modified", "owner", "modified_by")
RUN_FIELDS = (
	*(
		*STAMPS,
		"robot",
		"robot_title",
		"reference_doctype",
		"reference_name",
		"event",
		"stage",
		"at",
		"outcome",
	),
	*("next_try", "caused_by", "run_as", "reason", "values_seen"),
)
TASK_FIELDS = (
	*(
		*STAMPS,
		"robot",
		"reference_doctype",
		"reference_name",
		"event",
		"pipeline",
		"stage",
		"status",
		"due_at",
	),
	*("repeat_every", "attempts", "run", "watched_value", "chain", "task_key"),
)


def make_run(
	robot: RobotRule, doc, event: str, outcome: str, reason: str = "", seen=None, **values
) -> dict[str, Any]:
	now = clock.now()
	return {
		**_stamps(),
		"robot": robot.name,
		"robot_title": robot.title,
		"reference_doctype": doc.doctype,
		"reference_name": doc.name,
		"event": event,
		"stage": stage_of(doc),
		"at": now,
		"outcome": outcome,
		"next_try": None,
		"caused_by": frappe.session.user,
		"run_as": robot.run_as or "Administrator",
		"reason": reason or None,
		"values_seen": say_values(seen),
		**values,
	}


def make_task(
	robot: RobotRule, doc, run: dict[str, Any] | None, due_at, key: str = "", **values
) -> dict[str, Any]:
	stamps = _stamps()
	return {
		**stamps,
		"robot": robot.name,
		"reference_doctype": doc.doctype,
		"reference_name": doc.name,
		"event": robot.event,
		"pipeline": pipeline_of(doc),
		"stage": stage_of(doc),
		"status": "Pending",
		"due_at": due_at,
		"repeat_every": robot.repeat_every,
		"attempts": 0,
		"run": run and run["name"],
		"watched_value": None,
		"chain": "\n".join(frappe.flags.robot_chain or ()) or None,
		"task_key": key or stamps["name"],
		**values,
	}


def say_values(seen: dict[str, Any] | None) -> str | None:
	return "\n".join(f"{path} = {cstr(value)}" for path, value in (seen or {}).items())[:1000] or None


def write_runs(runs: list[dict[str, Any]]) -> None:
	_write("Robot Run", RUN_FIELDS, runs)


def write_tasks(tasks: list[dict[str, Any]]) -> None:
	"""A task whose key is there already is left out: the same moment is planned once."""
	_write("Robot Task", TASK_FIELDS, tasks)


def _write(doctype: str, fields: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
	if rows:
		frappe.db.bulk_insert(
			doctype, list(fields), [tuple(row[f] for f in fields) for row in rows], ignore_duplicates=True
		)


def _stamps() -> dict[str, Any]:
	now = frappe.utils.now_datetime()
	user = frappe.session.user
	return {
		"name": frappe.generate_hash(length=10),
		"creation": now,
		"modified": now,
		"owner": user,
		"modified_by": user,
	}
