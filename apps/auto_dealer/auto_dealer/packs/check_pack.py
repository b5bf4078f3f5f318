"""What keeps a pack from working on this site, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html
from frappe.utils.safe_exec import is_safe_exec_enabled

from auto_dealer.packs.export_pack import SHARED, roles_of
from auto_dealer.packs.pack_fields import DOCTYPES, get_schema, label_of, link_fields
from auto_dealer.packs.rules.pack_format import (
	Problem,
	Schema,
	UnreadablePack,
	find_problems,
	normalise,
	parse,
)
from auto_dealer.pipelines import check_pipeline
from auto_dealer.pipelines.rules.stage_names import clean_name, split_lines
from auto_dealer.robots import check_robot

# Where a site lacks them, the pack is applied without: the field stays empty, the robot is switched off.
OWN_TO_A_SITE = ("User", "Department")


class BadPack(frappe.ValidationError):
	"""The file is no pack, or this site lacks something that it needs; the message says what to do."""


def read_pack(content: str) -> dict[str, Any]:
	"""The normalised pack of a file; throws BadPack with everything that is wrong with the file itself."""
	schema = get_schema()
	try:
		raw = parse(content)
	except UnreadablePack as error:
		frappe.throw(sentence_of(error.problem), BadPack, title=_("The file cannot be used"))
	if problems := find_problems(raw, schema):
		frappe.throw(
			"<br>".join(sentence_of(problem) for problem in problems[:20]),
			BadPack,
			title=_("The file cannot be used"),
		)
	pack = normalise(raw, schema)
	pack["pipeline"]["pipeline_name"] = clean_name(pack["pipeline"]["pipeline_name"])
	for stage in pack["stages"]:
		stage["stage_name"] = clean_name(stage["stage_name"])
		stage["required_fields"] = "\n".join(split_lines(stage["required_fields"], "\n,"))
		stage["allowed_roles"] = "\n".join(split_lines(stage["allowed_roles"]))
	return pack


def sentence_of(problem: Problem) -> str:
	"""What is wrong with the file, and what helps."""
	kind, value = problem.kind, escape_html(problem.value)
	place = _place(problem)
	sentences = {
		"empty": lambda: _("The file is empty. Export the pack again."),
		"too_large": lambda: _("The file is too large for a pack."),
		"not_json": lambda: _(
			"The file is damaged: line and column {0} cannot be read. Export the pack again, or undo the last edit."
		).format(value),
		"foreign": lambda: _(
			"The file is no pack of a pipeline. Packs are exported in the list of pipelines."
		),
		"bad_version": lambda: _("The file does not say its version. Export the pack again."),
		"too_new": lambda: _(
			"The pack was made by a newer version of the app (format {0}). Update the app on this site first."
		).format(value),
		"missing": lambda: _("{0}: this part is missing. Export the pack again.").format(place),
		"wrong_type": lambda: _("{0}: the value “{1}” is of the wrong kind.").format(place, value),
		"twice": lambda: _("{0}: “{1}” is there twice.").format(place, value),
		"bad_choice": lambda: _("{0}: “{1}” is none of the choices of this site.").format(place, value),
		"unknown": lambda: _(
			"{0}: this site has no such field. Update the app, add the field in Customize Form, or take the line out of the file."
		).format(place),
	}
	return sentences[kind]()


def _place(problem: Problem) -> str:
	part = {
		"": "",
		"pipeline": _("Pipeline"),
		"stages": _("Stages"),
		"robots": _("Robots"),
		"email_templates": _("Email Templates"),
		"server_scripts": _("Server Scripts"),
	}[problem.part]
	field = label_of(problem.part, problem.field) if problem.field else ""
	return escape_html(": ".join(filter(None, (part, problem.title, field))))


# -- what the site must have -----------------------------------------------------------------------


def find_obstacles(pack: dict[str, Any], schema: Schema) -> list[str]:
	"""Sentences; empty when the pack can be applied."""
	obstacles = [
		*_missing_roles(pack),
		*_missing_fields(pack),
		*_missing_records(pack),
		*_missing_rights(pack),
	]
	return obstacles or [*_bad_pipeline(pack), *_bad_robots(pack)]


def _missing_roles(pack: dict[str, Any]) -> Iterator[str]:
	roles = roles_of(pack)
	known = set(frappe.get_all("Role", {"name": ("in", list(roles))}, pluck="name")) if roles else set()
	for role, users in roles.items():
		if role not in known:
			yield _(
				"There is no role {0}, which is named in: {1}. Make it in the list of roles, or take it out of the file."
			).format(escape_html(role), escape_html(", ".join(_(user) for user in users)))


def _missing_fields(pack: dict[str, Any]) -> Iterator[str]:
	known = {df.fieldname for df in check_pipeline.requirable_fields()}
	for stage in pack["stages"]:
		for fieldname in split_lines(stage["required_fields"]):
			if fieldname not in known:
				yield _(
					"Stage {0} asks for the field {1}, which deals do not have here. Add it in Customize Form, or take it out of the file."
				).format(escape_html(_(stage["stage_name"])), escape_html(fieldname))


def _missing_records(pack: dict[str, Any]) -> Iterator[str]:
	"""Records that robots name: of this site, or brought by the pack."""
	brought = {SHARED[part][0]: {row["name"] for row in pack[part]} for part in SHARED}
	for robot in pack["robots"]:
		for fieldname, doctype in link_fields("robots").items():
			name = robot.get(fieldname)
			if not name or doctype in (*OWN_TO_A_SITE, "Role") or name in brought.get(doctype, ()):
				continue
			if not frappe.db.exists(doctype, name):
				yield _("Robot {0}: there is no {1} {2} here. Make it, or take it out of the file.").format(
					escape_html(_(robot["title"])), _(doctype), escape_html(name)
				)


def _missing_rights(pack: dict[str, Any]) -> Iterator[str]:
	"""A pack is no way round the rights of who applies it."""
	for part in SHARED:
		doctype = DOCTYPES[part]
		if pack[part] and not frappe.has_permission(doctype, "create"):
			yield _("The pack brings records of {0}: only a System Manager may apply it.").format(_(doctype))


def _bad_pipeline(pack: dict[str, Any]) -> list[str]:
	doc = frappe.new_doc("Deal Pipeline")
	doc.update(pack["pipeline"])
	doc.set("stages", [dict(stage) for stage in pack["stages"]])
	with _caught() as messages:
		check_pipeline.check(doc)
	return messages


def _bad_robots(pack: dict[str, Any]) -> list[str]:
	stages = [stage["stage_name"] for stage in pack["stages"]]
	messages = []
	for robot in pack["robots"]:
		draft = frappe.new_doc("Stage Robot")
		draft.update({**robot, "pipeline": pack["pipeline"]["pipeline_name"], "run_as": None})
		draft.flags.known_stages = stages
		with _caught() as found:
			check_robot.check(draft)
		if robot["target_stage"] and robot["target_stage"] not in stages:
			found.append(
				_("The pipeline {0} has no stage {1}.").format(
					_(pack["pipeline"]["pipeline_name"]), escape_html(robot["target_stage"])
				)
			)
		messages += [f"{escape_html(_(robot['title']))}: {message}" for message in found]
	return messages


@contextmanager
def _caught() -> Iterator[list[str]]:
	"""What a check throws becomes a sentence."""
	messages: list[str] = []
	muted, frappe.flags.mute_messages = frappe.flags.mute_messages, True
	try:
		yield messages
	except frappe.ValidationError as error:
		messages.append(str(error))
	finally:
		frappe.flags.mute_messages = muted


# -- what the pack is applied without --------------------------------------------------------------


def fit_to_site(pack: dict[str, Any]) -> list[str]:
	"""Empties what names people and departments that this site does not have; says so in sentences."""
	notes = []
	department = pack["pipeline"].get("department")
	if department and not frappe.db.exists("Department", department):
		pack["pipeline"]["department"] = ""
		notes.append(
			_("There is no department {0} here: the field stays empty.").format(escape_html(department))
		)
	people = [name for name, doctype in link_fields("robots").items() if doctype == "User"]
	for robot in pack["robots"]:
		missing = [name for name in people if robot.get(name) and not frappe.db.exists("User", robot[name])]
		for fieldname in missing:
			notes.append(
				_("Robot {0}: there is no user {1} here: choose one. The robot is switched off.").format(
					escape_html(_(robot["title"])), escape_html(robot[fieldname])
				)
			)
			robot[fieldname], robot["is_enabled"] = "", 0
	return notes + scripts_that_wait(pack)


def scripts_that_wait(pack: dict[str, Any]) -> list[str]:
	"""Robots that call a server script on a bench where those are switched off."""
	if is_safe_exec_enabled():
		return []
	return [
		_("Robot {0} runs a server script, and server scripts are switched off on this bench.").format(
			escape_html(_(robot["title"]))
		)
		for robot in pack["robots"]
		if robot["action"] == "Run Server Script"
	]
