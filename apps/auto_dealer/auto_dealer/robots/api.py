"""What the desk calls about robots."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils.safe_exec import is_safe_exec_enabled

from auto_dealer.robots import load_robots, render, replay
from auto_dealer.robots.check_robot import watched_doctypes
from auto_dealer.robots.conditions import SPECIALS, Values, judge
from auto_dealer.robots.explanations import explain_document
from auto_dealer.robots.stage_of import stage_field
from auto_dealer.robots.texts import texts_of


@frappe.whitelist()
def get_explanations(doctype: str, name: str) -> dict[str, Any]:
	""" "Why did nothing happen?": the last runs of robots on the document and what waits. Needs read on it."""
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("read")
	return explain_document(doc)


@frappe.whitelist()
def get_builder(document_type: str, pipeline: str | None = None) -> dict[str, Any]:
	"""Fields, values and stages for the condition builder. Needs read on robots."""
	frappe.has_permission("Stage Robot", "read", throw=True)
	meta = frappe.get_meta(document_type)
	kinds = (
		"Section Break",
		"Column Break",
		"Tab Break",
		"HTML",
		"Table",
		"Button",
		"Fold",
		"Heading",
		"Image",
	)
	fields = [
		{"value": df.fieldname, "label": _(df.label), "fieldtype": df.fieldtype, "options": df.options}
		for df in meta.fields
		if df.fieldtype not in kinds and not df.permlevel
	]
	checks = (("is_priority", _("Goes first")), ("has_photo", _("Has a photo")))
	fields += [
		{"value": name, "label": label, "fieldtype": "Check"} for name, label in checks if name in SPECIALS
	]
	return {
		"fields": fields,
		"stages": _stages(document_type, pipeline),
		"doctypes": watched_doctypes(),
		"scripts_are_on": is_safe_exec_enabled(),
	}


def _stages(document_type: str, pipeline: str | None) -> list[str]:
	if pipeline:
		rows = {"parent": pipeline, "parenttype": "Deal Pipeline"}
		return frappe.get_all("Deal Stage", rows, pluck="stage_name", order_by="idx")
	df = frappe.get_meta(document_type).get_field(stage_field(document_type))
	return [option for option in (df.options or "").split("\n") if option] if df else []


@frappe.whitelist(methods=["POST"])
def preview(robot: dict[str, Any] | str, name: str) -> dict[str, Any]:
	"""What the robot as typed would say about one document; changes nothing.

	Needs write on robots and read on the document.
	"""
	frappe.has_permission("Stage Robot", "write", throw=True)
	draft = _draft(robot)
	doc = frappe.get_doc(draft.document_type, name)
	doc.check_permission("read")
	rule = load_robots.from_document(draft)
	verdict = judge(rule.condition, Values(doc, None, rule.event))
	subject, text = texts_of(draft)
	return {
		"is_met": verdict.is_met,
		"reason": verdict.reason,
		"seen": verdict.seen,
		"subject": render.render(subject, doc),
		"message": render.render(text, doc),
	}


@frappe.whitelist(methods=["POST"])
def replay_robot(robot: dict[str, Any] | str, days: int = 30) -> dict[str, Any]:
	"""How often the robot as typed would have fired in the last days, on what, with which texts; changes nothing.

	Needs write on robots. Only documents that the caller may read are named.
	"""
	frappe.has_permission("Stage Robot", "write", throw=True)
	return replay.replay(_draft(robot), min(max(int(days), 1), 366))


def _draft(robot: dict[str, Any] | str):
	"""The robot as the form holds it, checked and not saved."""
	values = frappe.parse_json(robot)
	draft = frappe.new_doc("Stage Robot")
	draft.update({key: value for key, value in values.items() if draft.meta.has_field(key)})
	draft.name = values.get("name") or "new"
	draft.run_method("validate")
	return draft
