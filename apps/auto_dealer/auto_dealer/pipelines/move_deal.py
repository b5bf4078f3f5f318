"""Moves of a deal by people and by code: to another stage, or to another pipeline."""

from __future__ import annotations

import copy
from typing import Any

import frappe
from frappe import _

from auto_dealer.pipelines.gate_facts import find_facts
from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.pipelines.rules.stages import PipelineRule, decide_landing, decide_move

LOST_FIELDS = ("lost_reason", "competitor")


class FieldNotAsked(frappe.ValidationError):
	"""A value came for a field that the stage does not ask for."""


class MovedMeanwhile(frappe.ValidationError):
	"""The deal does not stand any more where the caller saw it."""


def move_deal(
	deal_name: str,
	to_stage: str,
	values: dict[str, Any] | None = None,
	reason: str | None = None,
	from_stage: str | None = None,
):
	"""Moves the deal with the session user's rights and returns it saved.

	`values` may hold only fields that the stage asks for, `lost_reason` and `competitor`. With `from_stage` the move
	is refused (MovedMeanwhile) when somebody has moved the deal since. The row is locked first, so of two parallel
	moves the second one starts where the first one ended. A deal that stands in `to_stage` already is returned as
	it is: a double click is no error.
	"""
	deal = _read_locked(deal_name)
	deal.check_permission("write")
	if deal.stage == to_stage:
		return deal
	if from_stage and deal.stage != from_stage:
		_throw_moved(deal)
	fill(deal, load(deal.pipeline), to_stage, values or {})
	deal.stage = to_stage
	deal.flags.stage_reason = reason
	return deal.save()


def change_pipeline(
	deal_name: str, pipeline: str, stage: str, reason: str | None = None, values: dict[str, Any] | None = None
):
	"""The one way from a pipeline to another; lands in the open stage `stage` and returns the deal saved."""
	deal = _read_locked(deal_name)
	deal.check_permission("write")
	fill(deal, load(pipeline), stage, values or {})
	deal.pipeline = pipeline
	deal.stage = stage
	deal.flags.pipeline_change = True
	deal.flags.stage_reason = reason
	return deal.save()


def move_by_process(deal_name: str, to_stage: str, reason: str):
	"""For use cases that were allowed by other means than the rights of whoever is logged in: the same gate, the
	same log. Such a person (a photographer who closes a task) need not see the deal."""
	deal = _read_locked(deal_name)
	if deal.stage == to_stage:
		return deal
	deal.stage = to_stage
	deal.flags.stage_reason = reason
	# The process moves the deal; its own rules have said who may take the step.
	return deal.save(ignore_permissions=True)


def change_pipeline_by_process(
	deal_name: str, pipeline: str, stage: str, reason: str, holder: dict[str, str | None]
):
	"""The same into another pipeline; `holder` is the new responsible and department."""
	deal = _read_locked(deal_name)
	deal.update({field: holder.get(field) for field in ("responsible", "department")})
	deal.pipeline = pipeline
	deal.stage = stage
	deal.flags.pipeline_change = True
	deal.flags.stage_reason = reason
	# As above.
	return deal.save(ignore_permissions=True)


def find_gate(deal, to_stage: str, pipeline: str | None = None) -> list[dict[str, Any]]:
	"""The problems that a move would meet now, apart from the reason not yet given being asked for; changes nothing."""
	if pipeline and pipeline != deal.pipeline:
		rule = load(pipeline)
		facts = find_facts(deal, rule.find(to_stage), "")
		return list(decide_landing(rule, to_stage, frappe.get_roles(), facts, bool(deal.is_closed)).problems)
	rule = load(deal.pipeline)
	facts = find_facts(deal, rule.find(to_stage), "")
	return list(decide_move(rule, deal.stage, to_stage, frappe.get_roles(), facts).problems)


def fill(deal, pipeline: PipelineRule, to_stage: str, values: dict[str, Any]) -> None:
	"""Puts the answers of the gate's dialog into the deal; throws FieldNotAsked for anything else."""
	stage = pipeline.find(to_stage)
	asked = {*(stage.required_fields if stage else ()), *LOST_FIELDS}
	if strange := sorted(set(values) - asked):
		frappe.throw(
			_("Stage {0} does not ask for: {1}").format(
				frappe.utils.escape_html(_(to_stage)), frappe.utils.escape_html(", ".join(strange))
			),
			FieldNotAsked,
		)
	deal.update(values)


def _read_locked(deal_name: str):
	"""The deal with its row locked, and with a copy of it as stored: the save need not read it a second time."""
	deal = frappe.get_doc("Auto Deal", deal_name, for_update=True)
	deal.flags.stored = copy.deepcopy(deal)
	return deal


def _throw_moved(deal) -> None:
	by = frappe.db.get_value("User", deal.modified_by, "full_name") or deal.modified_by
	frappe.throw(
		_("{0} has moved this deal to {1} meanwhile. Refresh and try again.").format(
			frappe.utils.escape_html(by), f"<b>{frappe.utils.escape_html(_(deal.stage))}</b>"
		),
		MovedMeanwhile,
	)
