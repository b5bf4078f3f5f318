"""A pipeline as it is now: for the file, for a comparison, for the way back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import frappe

from auto_dealer.packs.pack_fields import get_schema
from auto_dealer.packs.rules.pack_format import Schema, compact, fingerprint
from auto_dealer.pipelines.rules.stage_names import split_lines

SHARED = {
	"email_templates": ("Email Template", "email_template"),
	"server_scripts": ("Server Script", "server_script"),
}


@dataclass
class State:
	"""A pipeline of this site: the normalised pack (None: there is no such pipeline) and what only this site has.

	`rows`: stage → name of its row; `robots`: key → name of the document. Rows and names come back at a roll-back,
	so that whatever points at them points at the same again. `stamps`: name of a robot → when it was last saved.
	"""

	pack: dict[str, Any] | None = None
	rows: dict[str, str] = field(default_factory=dict)
	robots: dict[str, str] = field(default_factory=dict)
	stamps: dict[str, str] = field(default_factory=dict)

	def as_dict(self) -> dict[str, Any]:
		"""What a roll-back needs; from JSON by `State(**…)`."""
		return {**asdict(self), "stamps": {}}

	@property
	def token(self) -> str:
		"""Another one whenever the pipeline, a stage, a robot or a text of theirs has changed."""
		return fingerprint(self.pack)


def export_pack(pipeline: str) -> dict[str, Any]:
	"""The dictionary of the file; throws DoesNotExistError."""
	frappe.get_doc("Deal Pipeline", pipeline)
	schema = get_schema()
	pack = read_state(pipeline, schema).pack
	return compact(pack, schema, tuple(roles_of(pack)))


def read_state(pipeline: str, schema: Schema) -> State:
	"""The pipeline with its stages, robots and their templates, as this transaction sees them."""
	if not frappe.db.exists("Deal Pipeline", pipeline):
		return State()
	doc = frappe.get_doc("Deal Pipeline", pipeline)
	robots = _robots(pipeline)
	pack = {
		"title": doc.pipeline_name,
		"pipeline": _read(doc, schema["pipeline"]),
		"stages": [_read(stage, schema["stages"]) for stage in doc.stages],
		"robots": [_read(robot, schema["robots"]) for robot in robots],
	}
	for part, (doctype, fieldname) in SHARED.items():
		names = sorted({robot[fieldname] for robot in pack["robots"] if robot.get(fieldname)})
		rows = frappe.get_all(doctype, {"name": ("in", names)}, ["*"], order_by="name") if names else []
		pack[part] = [_read(row, schema[part]) for row in rows]
	return State(
		pack,
		{stage.stage_name: stage.name for stage in doc.stages},
		{robot.key: robot.name for robot in robots},
		{robot.name: str(robot.modified) for robot in robots},
	)


def read_robots(pipeline: str) -> list[dict[str, Any]]:
	"""The robots of the pipeline in their clean form."""
	specs = get_schema()["robots"]
	return [_read(robot, specs) for robot in _robots(pipeline)]


def _robots(pipeline: str) -> list:
	"""A robot's key is its name, or the key that it came with."""
	robots = frappe.get_all("Stage Robot", {"pipeline": pipeline}, ["*"], order_by="sort_order, title, name")
	for robot in robots:
		robot.key = robot.seed_key or robot.name
	return robots


def read_shared(pack: dict[str, Any], schema: Schema) -> dict[str, dict[str, Any]]:
	"""Part → name → what the site has under the names that the pack brings; a missing record is missing here too."""
	found: dict[str, dict[str, Any]] = {}
	for part, (doctype, _fieldname) in SHARED.items():
		names = [row["name"] for row in pack[part]]
		rows = frappe.get_all(doctype, {"name": ("in", names)}, ["*"]) if names else []
		found[part] = {row.name: _read(row, schema[part]) for row in rows}
	return found


def _read(row: Any, specs: dict) -> dict[str, Any]:
	return {name: spec.clean(row.get(name)) for name, spec in specs.items()}


def roles_of(pack: dict[str, Any]) -> dict[str, list[str]]:
	"""Role → the stages and robots that speak of it."""
	roles: dict[str, list[str]] = {}
	for stage in pack["stages"]:
		for role in split_lines(stage["allowed_roles"]):
			roles.setdefault(role, []).append(stage["stage_name"])
	for robot in pack["robots"]:
		if robot.get("recipient_role"):
			roles.setdefault(robot["recipient_role"], []).append(robot["title"])
	return roles
