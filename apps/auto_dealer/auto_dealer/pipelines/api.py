"""What the desk and other programs may call about stages. Every function works with the caller's rights on the deal."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from auto_dealer.pipelines import move_deal
from auto_dealer.pipelines.check_pipeline import requirable_fields
from auto_dealer.pipelines.gate_error import describe_fields, describe_gate
from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.pipelines.stage_bar import make_stage_bar


@frappe.whitelist()
def get_stage_bar(deal: str) -> dict[str, Any]:
	"""The stages of the deal's pipeline, where it stands, the next step and the deadline. Needs read on the deal."""
	doc = frappe.get_doc("Auto Deal", deal)
	doc.check_permission("read")
	return make_stage_bar(doc)


@frappe.whitelist()
def get_gate(deal: str, to_stage: str, pipeline: str | None = None) -> dict[str, Any]:
	"""What the deal lacks to enter `to_stage` (of `pipeline`, when it is to change), as `stage_gate` of a refusal says
	it, with `fields` for a dialog. Needs write on the deal, since it is asked before a move. Changes nothing."""
	doc = frappe.get_doc("Auto Deal", deal)
	doc.check_permission("write")
	problems = move_deal.find_gate(doc, to_stage, pipeline)
	return {**describe_gate(doc, doc.stage, to_stage, problems), "allowed": not problems}


@frappe.whitelist(methods=["POST"])
def move(
	deal: str,
	to_stage: str,
	values: dict[str, Any] | str | None = None,
	reason: str | None = None,
	from_stage: str | None = None,
) -> dict[str, Any]:
	"""Moves the deal and returns its stage bar; refused with StageGateError (417, `stage_gate`) when something lacks.

	`values` may name only fields that the stage asks for, lost_reason and competitor. With `from_stage` the move is
	refused when the deal has left that stage meanwhile. Needs write on the deal.
	"""
	frappe.has_permission("Auto Deal", "write", throw=True)
	doc = move_deal.move_deal(deal, to_stage, _read_values(values), reason, from_stage)
	return {**make_stage_bar(doc), "modified": doc.modified}


@frappe.whitelist(methods=["POST"])
def change_pipeline(
	deal: str,
	pipeline: str,
	stage: str,
	reason: str | None = None,
	values: dict[str, Any] | str | None = None,
) -> dict[str, Any]:
	"""Takes the deal to an open stage of another pipeline and returns its stage bar. Needs write on the deal."""
	frappe.has_permission("Auto Deal", "write", throw=True)
	doc = move_deal.change_pipeline(deal, pipeline, stage, reason, _read_values(values))
	return {**make_stage_bar(doc), "modified": doc.modified}


@frappe.whitelist()
def get_stages(pipeline: str) -> list[dict[str, Any]]:
	"""The switched-on stages of a pipeline in order: name, label, kind, color. Needs read on pipelines."""
	frappe.has_permission("Deal Pipeline", "read", throw=True)
	return [
		{"name": stage.name, "label": _(stage.name), "kind": stage.kind, "color": stage.color}
		for stage in load(pipeline).enabled
	]


@frappe.whitelist()
def get_requirable_fields() -> list[dict[str, Any]]:
	"""The fields of a deal that a stage may ask for, for the picker in a pipeline. Needs write on pipelines."""
	frappe.has_permission("Deal Pipeline", "write", throw=True)
	blank = frappe.new_doc("Auto Deal")
	return describe_fields(blank, [df.fieldname for df in requirable_fields()])


@frappe.whitelist()
def get_stage_roles() -> list[str]:
	"""The roles of desk users, for the picker in a pipeline; who edits pipelines need not be allowed to list roles.
	Needs write on pipelines."""
	frappe.has_permission("Deal Pipeline", "write", throw=True)
	return frappe.get_all("Role", {"disabled": 0, "desk_access": 1}, pluck="name", order_by="name")


def _read_values(values: dict[str, Any] | str | None) -> dict[str, Any]:
	"""A JSON object, or nothing."""
	try:
		read = frappe.parse_json(values) or {}
	except ValueError:
		read = None
	if not isinstance(read, dict):
		frappe.throw(_("The values must be a JSON object of field names and values."))
	return read
