"""A pack becomes records: the pipeline with its stages, robots, templates and scripts, as the user may write them."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from auto_dealer.packs.export_pack import SHARED, State, read_robots
from auto_dealer.packs.pack_fields import DOCTYPES
from auto_dealer.packs.rules.pack_diff import match_stages

LOCK_ROBOTS = "select name, modified from `tabStage Robot` where pipeline = %s for update"


class PackIsStale(frappe.ValidationError):
	"""The pipeline or a robot of it has changed since the differences were shown; nothing was written."""


def raise_stale() -> None:
	frappe.throw(
		_("Somebody has changed the pipeline meanwhile. Look at the differences again, then apply."),
		PackIsStale,
		title=_("The differences are out of date"),
	)


def write_pipeline(
	pack: dict[str, Any],
	state: State,
	name: str,
	targets: dict[str, str] | None = None,
	rows: dict[str, str] | None = None,
	defer_compile: bool = False,
	**values: Any,
):
	"""Saves the pipeline; gives its document.

	`targets`: stage that goes → stage in which its deals go on. `rows`: stage → name of its row, for a roll-back;
	else a stage keeps the row of the one it goes on for. `defer_compile`: the caller compiles.
	"""
	if state.pack:
		doc = frappe.get_doc("Deal Pipeline", name, for_update=True)
	else:
		doc = frappe.new_doc("Deal Pipeline")
	doc.update({**pack["pipeline"], "pipeline_name": name, **values})
	rows_of = rows if rows is not None else _rows_that_go_on(pack, state)
	_set_stages(doc, pack["stages"], rows_of, set(state.rows.values()))
	doc.flags.update(
		{
			"stage_targets": targets or {},
			"keep_former_names": rows is not None,
			"defer_compile": defer_compile,
		}
	)
	return doc.save() if state.pack else doc.insert()


def _rows_that_go_on(pack: dict[str, Any], state: State) -> dict[str, str]:
	pairs = match_stages(state.pack["stages"], pack["stages"]) if state.pack else {}
	return {new: state.rows[old] for old, new in pairs.items()}


def _set_stages(doc, stages: list[dict[str, Any]], rows: dict[str, str], present: set[str]) -> None:
	doc.set("stages", [])
	for stage in stages:
		row = doc.append("stages", {**stage, "name": rows.get(stage["stage_name"])})
		# A row that comes back under its old name is no row of the table yet.
		row.set("__islocal", row.name not in present)


def write_shared(pack: dict[str, Any], there: dict[str, dict[str, Any]]) -> None:
	"""Templates and scripts, before the robots that name them. `there`: what the site has, by part and name."""
	for part in SHARED:
		for row in pack[part]:
			if there[part].get(row["name"]) != row:
				_write_shared(DOCTYPES[part], row, row["name"] in there[part])


def restore_shared(pack: dict[str, Any], there: dict[str, dict[str, Any]]) -> None:
	"""Templates and scripts as they were before the pack; what it brought goes, unless something names it now."""
	for part in SHARED:
		doctype = DOCTYPES[part]
		for row in pack[part]:
			if before := there[part].get(row["name"]):
				_write_shared(doctype, before, is_there=True)
			elif frappe.db.exists(doctype, row["name"]) and not _is_named(part, row["name"]):
				frappe.delete_doc(doctype, row["name"])


def _is_named(part: str, name: str) -> bool:
	return bool(frappe.db.exists("Stage Robot", {SHARED[part][1]: name}))


def _write_shared(doctype: str, row: dict[str, Any], is_there: bool) -> None:
	values = {field: value for field, value in row.items() if field != "name"}
	if doctype == "Server Script":
		# A script of another kind would run by itself at every save.
		values["script_type"] = "API"
	doc = frappe.get_doc(doctype, row["name"]) if is_there else frappe.new_doc(doctype)
	doc.update(values)
	if is_there:
		doc.save()
	else:
		doc.insert(set_name=row["name"])


# -- robots ----------------------------------------------------------------------------------------


def write_robots(pack: dict[str, Any], state: State, name: str, names: dict[str, str] | None = None) -> None:
	"""Adds, changes and deletes robots of the pipeline; those that are as they shall be are not touched.

	After the pipeline, whose renamed stages the robots have followed. `names`: key → name, for a roll-back. Throws
	PackIsStale when somebody has saved one of them since `state` was read.
	"""
	locked = frappe.db.sql(LOCK_ROBOTS, name)
	if {robot: str(modified) for robot, modified in locked} != state.stamps:
		raise_stale()
	there = {robot["key"]: robot for robot in read_robots(name)}
	wanted = {robot["key"] for robot in pack["robots"]}
	for key in there:
		if key not in wanted:
			frappe.delete_doc("Stage Robot", state.robots[key])
	for robot in pack["robots"]:
		if there.get(robot["key"]) == robot:
			continue
		if robot["key"] in there:
			doc = frappe.get_doc("Stage Robot", state.robots[robot["key"]])
		else:
			doc = _new_robot(robot["key"], name, (names or {}).get(robot["key"]))
		doc.update({field: value for field, value in robot.items() if field != "key"})
		doc.save() if robot["key"] in there else doc.insert(set_name=doc.name or None)


def _new_robot(key: str, pipeline: str, name: str | None):
	"""A robot that comes back has its name again, and its logs with it."""
	doc = frappe.new_doc("Stage Robot")
	doc.update({"pipeline": pipeline, "seed_key": key if key != name else None})
	doc.name = name
	return doc
