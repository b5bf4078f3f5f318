"""The log of robots as a person reads it."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import format_datetime

from auto_dealer.robots.load_robots import load
from auto_dealer.robots.rules.events import stands_in
from auto_dealer.robots.rules.robot import STAGE_LEFT
from auto_dealer.robots.stage_of import pipeline_of, stage_of

LAST = 40


def explain_document(doc) -> dict[str, Any]:
	"""`runs` (the newest first, each with a sentence), and `idle`: robots of this stage that were not asked at all."""
	runs = frappe.get_all(
		"Robot Run",
		{"reference_name": doc.name, "reference_doctype": doc.doctype},
		[
			*("name", "robot", "robot_title", "event", "stage", "at", "outcome", "reason", "values_seen"),
			*("made", "next_try", "caused_by", "run_as", "ran_at"),
		],
		order_by="at desc, creation desc",
		limit=LAST,
	)
	for run in runs:
		run.sentence = say(run)
	asked = {run.robot for run in runs}
	idle = [
		{"robot": robot.name, "title": _(robot.title), "event": _(robot.event), "sentence": _not_asked(robot)}
		for robot in load(doc.doctype)
		if robot.name not in asked and stands_in(robot, pipeline_of(doc), stage_of(doc))
	]
	return {"runs": runs, "idle": idle}


def say(run: frappe._dict) -> str:
	if run.outcome == "Ran":
		return run.made or _("Ran; there was nothing to change.")
	if run.outcome == "Waiting":
		when = _("Waits until {0}").format(format_datetime(run.next_try)) if run.next_try else _("Waits")
		return f"{when}. {run.reason or ''}".strip()
	return run.reason or _(run.outcome)


def _not_asked(robot) -> str:
	if robot.event == STAGE_LEFT:
		return _("Looks when the document leaves the stage.")
	return _("Its event “{0}” has not happened yet.").format(_(robot.event))
