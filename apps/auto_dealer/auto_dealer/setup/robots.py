"""The robots that a dealer starts with: those of the shipped packs and those of no pipeline. Each is given once; what
an admin changes or deletes stays so, and a robot that a later version brings is added."""

from __future__ import annotations

import json
from functools import partial

import frappe

from auto_dealer.packs.shipped import list_shipped
from auto_dealer.setup.pipelines import read_seed
from auto_dealer.setup.seeded_once import seed_once

QUIET_HOURS = {"quiet_from": "21:00:00", "quiet_to": "09:00:00", "robot_run_retention_days": 180}


def add_robots() -> None:
	packed = [
		{**robot, "seed_key": robot["key"], "pipeline": name}
		for name, text in list_shipped().items()
		for robot in json.loads(text)["robots"]
	]
	for robot in (*read_seed("robots"), *packed):
		seed_once(f"robot {robot['seed_key']}", partial(_add_robot, robot))
	seed_once("quiet hours", _set_quiet_hours)
	seed_once("goes first", _mark_priority_objects)
	_log_no_minutes()


def _add_robot(robot: dict) -> None:
	"""Left out when an admin has renamed or deleted the stage that it belongs to."""
	pipeline, stages = robot.get("pipeline"), {robot.get("stage"), robot.get("target_stage")} - {None}
	rows = {"parent": pipeline, "parenttype": "Deal Pipeline"}
	if pipeline and not stages <= set(frappe.get_all("Deal Stage", rows, pluck="stage_name")):
		return
	if pipeline and not frappe.db.exists("Deal Pipeline", pipeline):
		return
	values = {field: value for field, value in robot.items() if field != "key"}
	doc = frappe.get_doc({"doctype": "Stage Robot", "document_type": "Auto Deal", **values})
	# Server scripts are fixtures: at an installation they come after this step.
	doc.flags.ignore_links = True
	doc.insert()


def _set_quiet_hours() -> None:
	for field, value in QUIET_HOURS.items():
		if not frappe.db.get_single_value("Dealer Settings", field, cache=False):
			frappe.db.set_single_value("Dealer Settings", field, value)


def _mark_priority_objects() -> None:
	"""Fuel tankers and cars after an accident go first (R64); fleets are marked with the kinds of clients."""
	for kind in ("Fuel Semitrailer", "After an Accident"):
		if frappe.db.exists("Object Kind", kind):
			frappe.db.set_value("Object Kind", kind, "is_priority", 1)


def _log_no_minutes() -> None:
	"""The minute job would write 1440 rows a day into the log of scheduled jobs."""
	frappe.db.set_value(
		"Scheduled Job Type", {"method": "auto_dealer.robots.tasks.every_minute"}, "create_log", 0
	)
