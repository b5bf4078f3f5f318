"""What a pipeline must be to be saved."""

from __future__ import annotations

import ast
import json

import frappe
from frappe import _
from frappe.utils import escape_html, getdate, now_datetime

from auto_dealer.pipelines.gate_facts import evaluate
from auto_dealer.pipelines.load_pipeline import from_document
from auto_dealer.pipelines.rules.stage_changes import structure_problems
from auto_dealer.pipelines.rules.stage_names import split_lines
from auto_dealer.pipelines.rules.stages import NUMBERS

# Fields of a deal that nobody fills: the stage itself, and what follows from it.
NOT_REQUIRABLE = {"pipeline", "stage", "title", "queue", "external_key", "stage_change_reason", "result"}
NO_INPUT = {"HTML", "Button", "Image", "Section Break", "Column Break", "Tab Break", "Heading", "Fold"}


class BadPipeline(frappe.ValidationError):
	"""The pipeline's stages, fields, roles or conditions are not usable; the message says which and why."""


def check(pipeline) -> None:
	"""Throws BadPipeline at the first thing that is wrong."""
	_check_structure(pipeline)
	for stage in pipeline.stages:
		_check_fields(stage)
		_check_roles(stage)
		_check_condition(stage)


def requirable_fields() -> list:
	"""The fields of a deal that a stage may ask for, custom ones included."""
	fields = frappe.get_meta("Auto Deal").fields
	return [
		df
		for df in fields
		if df.fieldtype not in NO_INPUT
		and not (df.hidden or df.read_only)
		and df.fieldname not in NOT_REQUIRABLE
	]


def _check_structure(pipeline) -> None:
	messages = {
		"empty": lambda p: _("A stage has no name."),
		"duplicate": lambda p: _("Stage {0} is there twice.").format(_bold(p["name"])),
		"no_open": lambda p: _("A pipeline needs at least one open stage that is switched on."),
		"no_won": lambda p: _("A pipeline needs a stage of kind Won that is switched on."),
		"no_lost": lambda p: _("A pipeline needs a stage of kind Lost that is switched on."),
	}
	for problem in structure_problems(from_document(pipeline)):
		frappe.throw(messages[problem["kind"]](problem), BadPipeline)
	if twins := find_twins([stage.stage_name for stage in pipeline.stages]):
		frappe.throw(
			_("The database cannot tell these stage names apart: {0}").format(", ".join(map(_bold, twins))),
			BadPipeline,
		)


def find_twins(names: list[str]) -> list[str]:
	"""Two names that are equal in the database's collation (ё and е, two emoji), or nothing."""
	twins = frappe.db.sql(
		"""select min(binary stage), max(binary stage)
		from json_table(%s, '$[*]' columns (stage varchar(140) path '$')) names
		group by stage collate utf8mb4_unicode_ci having count(*) > 1 limit 1""",
		json.dumps(names),
	)
	return [name.decode() if isinstance(name, bytes) else name for name in twins[0]] if twins else []


def _check_fields(stage) -> None:
	known = {df.fieldname for df in requirable_fields()}
	for fieldname in split_lines(stage.required_fields):
		if fieldname not in known:
			frappe.throw(
				_("Stage {0}: a deal has no field {1} that could be filled.").format(
					_bold(stage.stage_name), _bold(fieldname)
				),
				BadPipeline,
			)


def _check_roles(stage) -> None:
	roles = split_lines(stage.allowed_roles)
	known = set(frappe.get_all("Role", {"name": ("in", roles)}, pluck="name")) if roles else set()
	for role in roles:
		if role not in known:
			frappe.throw(
				_("Stage {0}: there is no role {1}.").format(_bold(stage.stage_name), _bold(role)),
				BadPipeline,
			)


def _check_condition(stage) -> None:
	"""Compiled and run once on a filled sample deal, so that it cannot fail for the first time on a manager."""
	if not stage.entry_condition:
		return
	try:
		_check_names(stage.entry_condition)
		evaluate(stage.entry_condition, sample_deal())
	except Exception as error:
		frappe.throw(
			_("Stage {0}: the entry condition does not work: {1}").format(
				_bold(stage.stage_name), escape_html(str(error) or type(error).__name__)
			),
			BadPipeline,
		)


def _check_names(condition: str) -> None:
	"""`doc.nosuch` would be None for ever and the stage closed for everybody."""
	known = {*frappe.get_meta("Auto Deal").get_valid_columns()}
	known |= {df.fieldname for df in frappe.get_meta("Auto Deal").get_table_fields()} | {"get"}
	for node in ast.walk(ast.parse(condition, mode="eval")):
		if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "doc":
			if node.attr not in known:
				raise AttributeError(_("a deal has no field {0}").format(node.attr))


def sample_deal() -> frappe._dict:
	"""A deal with a plausible value in every field."""
	values = frappe._dict(doctype="Auto Deal", name="D-000001", owner="Administrator", docstatus=0)
	for df in frappe.get_meta("Auto Deal").fields:
		if df.fieldtype in NUMBERS:
			values[df.fieldname] = 1.0
		elif df.fieldtype == "Date":
			values[df.fieldname] = getdate()
		elif df.fieldtype == "Datetime":
			values[df.fieldname] = now_datetime()
		elif df.fieldtype == "Table":
			values[df.fieldname] = [frappe._dict()]
		elif df.fieldtype not in NO_INPUT:
			values[df.fieldname] = "x"
	return values


def _bold(text: str) -> str:
	return f"<b>{escape_html(text)}</b>"
