"""The refusal of a move: an error for machines and a sentence for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

# What a dialog can ask for. A condition may be met when its field is filled in the same dialog.
ASKABLE = frozenset({"fields", "photo", "reason", "lost_reason"})


class StageGateError(frappe.ValidationError):
	"""The deal may not enter the stage; `frappe.response["stage_gate"]` says what is missing."""


def throw_gate_error(deal, from_stage: str | None, to_stage: str, problems: list[dict[str, Any]]) -> None:
	"""Throws StageGateError (HTTP 417) with a message in the user's language and the same for a dialog to ask.

	The response's `stage_gate`: deal, pipeline, from_stage, to_stage, problems, fields (as `describe_fields`),
	needs_photo, needs_reason, needs_lost_reason, can_be_asked (a dialog with these questions is enough).
	"""
	frappe.response["stage_gate"] = describe_gate(deal, from_stage, to_stage, problems)
	sentences = [sentence(problem, deal.meta) for problem in problems]
	frappe.throw(
		_("{0} cannot go to stage {1}:").format(_deal_title(deal), f"<b>{escape_html(_(to_stage))}</b>")
		+ "<ul>"
		+ "".join(f"<li>{text}</li>" for text in sentences)
		+ "</ul>",
		StageGateError,
		title=_("The stage asks for more"),
	)


def describe_gate(
	deal, from_stage: str | None, to_stage: str, problems: list[dict[str, Any]]
) -> dict[str, Any]:
	"""The gate as data; see `throw_gate_error`."""
	kinds = {problem["kind"] for problem in problems}
	fields = next((problem["fields"] for problem in problems if problem["kind"] == "fields"), [])
	return {
		"deal": None if deal.is_new() else deal.name,
		"pipeline": deal.pipeline,
		"from_stage": from_stage,
		"to_stage": to_stage,
		"problems": [{**problem, "message": sentence(problem, deal.meta)} for problem in problems],
		"fields": describe_fields(deal, fields),
		"needs_photo": "photo" in kinds,
		"needs_reason": "reason" in kinds,
		"needs_lost_reason": "lost_reason" in kinds,
		"can_be_asked": bool(kinds & ASKABLE) and kinds <= ASKABLE | {"condition"},
	}


def describe_fields(deal, fieldnames: list[str]) -> list[dict[str, Any]]:
	"""What a dialog needs to ask for these fields; labels in the user's language."""
	described = []
	for fieldname in fieldnames:
		df = deal.meta.get_field(fieldname)
		described.append(
			{
				"fieldname": fieldname,
				"label": _(df.label, context="Auto Deal") if df else fieldname,
				"fieldtype": df.fieldtype if df else "Data",
				"options": df.options if df else None,
				"value": deal.get(fieldname) if df and df.fieldtype != "Table" else None,
			}
		)
	return described


def sentence(problem: dict[str, Any], meta) -> str:
	"""One problem said to a person; HTML, with every name escaped."""
	return SENTENCES[problem["kind"]](problem, meta)


def _deal_title(deal) -> str:
	if deal.is_new():
		return _("The new deal")
	return _("Deal {0}").format(escape_html(deal.get("title") or deal.name))


def _list(names: list[str]) -> str:
	return ", ".join(f"<b>{escape_html(_(name))}</b>" for name in names) or _("none")


def _labels(fieldnames: list[str], meta) -> str:
	return _list([_(meta.get_label(fieldname) or fieldname, context="Auto Deal") for fieldname in fieldnames])


SENTENCES: dict[str, Callable[[dict[str, Any], Any], str]] = {
	"unknown_stage": lambda p, m: _("its pipeline has no such stage; there are: {0}").format(
		_list(p["stages"])
	),
	"disabled": lambda p, m: _("the stage is switched off; there are: {0}").format(_list(p["stages"])),
	"not_open": lambda p, m: _("a new deal starts in an open stage: {0}").format(_list(p["stages"])),
	"reopen": lambda p, m: _("a closed deal is reopened only by: {0}").format(_list(p["roles"])),
	"strict": lambda p, m: _("in this pipeline a deal goes step by step, from here to: {0}").format(
		_list(p["stages"])
	),
	"role": lambda p, m: _("only these roles may move a deal here: {0}").format(_list(p["roles"])),
	"fields": lambda p, m: _("fill in: {0}").format(_labels(p["fields"], m)),
	"photo": lambda p, m: _("attach at least one photo"),
	"vin": lambda p, m: _("enter the VIN in the card of the car"),
	"condition": lambda p, m: (
		escape_html(_(p["message"])) if p.get("message") else _("its condition is not met")
	),
	"reason": lambda p, m: _("say why the deal goes back"),
	"lost_reason": lambda p, m: _("choose why the deal is lost"),
	"pipeline": lambda p, m: _("the pipeline of a deal is changed only by the action “Change Pipeline”"),
	"pipeline_disabled": lambda p, m: _("the pipeline is switched off"),
}
