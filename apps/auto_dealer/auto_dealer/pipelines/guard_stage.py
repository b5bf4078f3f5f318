"""The guard of a deal's stage: every way in (form, Kanban, list, REST, jobs) passes here in `AutoDeal.validate_workflow`.

Calls that the controller of Auto Deal makes, in this order:

	before_validate       guard_stage.read_stage(self)      # stage names as people and old links write them
	validate_workflow     guard_stage.guard(self)           # instead of Frappe's own check; throws StageGateError
	after_insert          log_stage.log_move(self)          # one INSERT, only when the stage changed
	on_update             log_stage.log_move(self)          # the same; what is logged already is not logged again
	run_post_save_methods with workflow_actions.skipped(self.doctype): super()...

Flags that trusted code may set on the document (they cannot come over HTTP):
	deal.flags.initial_stage   a new deal starts in this switched-on stage of its pipeline, its gate is not asked
	                           (intake, import); a final stage is possible
	deal.flags.stage_reason    the reason of this move, instead of the field `stage_change_reason`
	deal.flags.stage_at        the moment of this move (import, demo); default now
	deal.flags.pipeline_change set by move_deal.change_pipeline only
"""

from __future__ import annotations

import frappe
from frappe.utils import get_datetime, now_datetime

from auto_dealer.pipelines.gate_error import throw_gate_error
from auto_dealer.pipelines.gate_facts import find_facts
from auto_dealer.pipelines.load_pipeline import load, load_locked
from auto_dealer.pipelines.rules.stage_names import clean_name
from auto_dealer.pipelines.rules.stages import (
	LOST,
	MoveDecision,
	PipelineRule,
	StageRule,
	deadline_of,
	decide_landing,
	decide_move,
	seconds_between,
)

# Only the guard writes these; what a form or a REST body says about them is put back.
GUARDED_FIELDS = (
	"stage_changed_at",
	"stage_deadline",
	"is_closed",
	"closed_at",
	"result",
	"probability",
)


def read_stage(deal) -> None:
	"""Takes a stage written with HTML, straight quotes or doubled spaces, or by the name it had before a rename.

	A stage that the pipeline does not have is refused here with the list of those it has: Frappe's check of the
	options comes before the guard and would only name all stages of all pipelines. No SQL for a known stage.
	"""
	if not deal.stage or not deal.pipeline:
		return
	deal.stage = str(deal.stage)
	options = (deal.meta.get_field("stage").options or "").split("\n")
	if deal.stage in options:
		return
	deal.stage = clean_name(deal.stage)
	if deal.stage in options:
		return
	pipeline = load(deal.pipeline)
	_follow_rename(deal, pipeline)
	stage = pipeline.find(deal.stage)
	if stage and stage.is_enabled:
		_add_option(deal, stage.name)
		return
	before = deal.get_doc_before_save()
	decision = decide_move(pipeline, None, deal.stage, (), find_facts(deal, None, ""))
	throw_gate_error(deal, before and before.stage, deal.stage, list(decision.problems))


def guard(deal) -> None:
	"""Lets the save pass with every stage field set, or throws StageGateError (417) naming what is missing.

	Costs no SQL when stage and pipeline stay, one locking read when the deal moves, one more when the stage asks
	for a photo. What is to be logged waits in `deal.flags.stage_move` for `log_stage.log_move`.
	"""
	before = deal.get_doc_before_save()
	deal.flags.pop("stage_move", None)
	deal.flags.pop("stage_entered", None)
	reason = _take_reason(deal)
	if before and not deal.stage:
		deal.stage = before.stage
	if before and (deal.pipeline, deal.stage) == (before.pipeline, before.stage):
		_keep(deal, before)
	elif not before:
		_start(deal)
	elif deal.pipeline != before.pipeline:
		_land(deal, before, reason)
	else:
		_move(deal, before, reason)


def _keep(deal, before) -> None:
	"""No move: the guarded fields stay, and a lost deal does not lose its reason."""
	for field in GUARDED_FIELDS:
		deal.set(field, before.get(field))
	if before.result == LOST and before.lost_reason and not deal.lost_reason:
		throw_gate_error(deal, before.stage, deal.stage, [{"kind": "lost_reason"}])


def _start(deal) -> None:
	"""A new deal: in the pipeline's entry stage, in one that trusted code names, or in one whose gate it passes."""
	pipeline = load_locked(deal.pipeline)
	named = deal.flags.initial_stage
	deal.stage = named or deal.stage
	_follow_rename(deal, pipeline)
	if not deal.stage or (not named and not pipeline.find(deal.stage) and deal.stage == desk_default_stage()):
		deal.stage = pipeline.entry_stage.name
	stage = pipeline.find(deal.stage)
	if not pipeline.is_enabled and not named:
		throw_gate_error(deal, None, deal.stage, [{"kind": "pipeline_disabled"}])
	if named and stage and stage.is_enabled:
		decision = MoveDecision()
	elif stage and stage == pipeline.entry_stage:
		decision = MoveDecision()
	else:
		decision = decide_move(pipeline, None, deal.stage, frappe.get_roles(), find_facts(deal, stage, ""))
	_settle(deal, None, pipeline, decision, "")


def _move(deal, before, reason: str) -> None:
	"""To another stage of the same pipeline; under its former name the deal's own stage is no other."""
	pipeline = load_locked(deal.pipeline)
	_follow_rename(deal, pipeline)
	if deal.stage == before.stage:
		_keep(deal, before)
		return
	facts = find_facts(deal, pipeline.find(deal.stage), reason)
	decision = decide_move(pipeline, before.stage, deal.stage, frappe.get_roles(), facts)
	_settle(deal, before, pipeline, decision, reason)


def _land(deal, before, reason: str) -> None:
	"""From another pipeline: only by the action, which names the stage to land in."""
	if not deal.flags.pipeline_change:
		throw_gate_error(deal, before.stage, deal.stage, [{"kind": "pipeline"}])
	pipeline = load_locked(deal.pipeline)
	if not pipeline.is_enabled:
		throw_gate_error(deal, before.stage, deal.stage, [{"kind": "pipeline_disabled"}])
	facts = find_facts(deal, pipeline.find(deal.stage), reason)
	decision = decide_landing(pipeline, deal.stage, frappe.get_roles(), facts, bool(before.is_closed))
	_settle(deal, before, pipeline, decision, reason)


def _settle(deal, before, pipeline: PipelineRule, decision: MoveDecision, reason: str) -> None:
	if not decision.allowed:
		throw_gate_error(deal, before and before.stage, deal.stage, list(decision.problems))
	at = get_datetime(deal.flags.stage_at) if deal.flags.stage_at else now_datetime()
	since = get_datetime(before.stage_changed_at) if before and before.stage_changed_at else None
	set_stage_fields(deal, pipeline, pipeline.find(deal.stage), at)
	# For those who act on a move after the save (`dealer_deal_changed`): what was entered, without asking again.
	deal.flags.stage_entered = (pipeline, pipeline.find(deal.stage))
	deal.flags.stage_move = frappe._dict(
		from_pipeline=before.pipeline if before else None,
		from_stage=before.stage if before else None,
		to_stage=deal.stage,
		reason=reason,
		changed_at=at,
		seconds=seconds_between(since, at),
	)


def set_stage_fields(deal, pipeline: PipelineRule, stage: StageRule, at) -> None:
	"""The one writer of the fields that follow from the stage."""
	deal.stage_changed_at = at
	deal.stage_deadline = deadline_of(stage, at)
	deal.is_closed = 0 if stage.is_open else 1
	deal.result = "" if stage.is_open else stage.kind
	deal.closed_at = None if stage.is_open else at
	deal.probability = stage.probability
	if stage.kind != LOST:
		deal.lost_reason = None
		deal.competitor = None


def desk_default_stage() -> str:
	"""The stage that the desk puts into every new form, whatever the pipeline: the Workflow's first state."""
	from auto_dealer.pipelines.compile_pipeline import WORKFLOW

	workflow = frappe.get_cached_doc("Workflow", WORKFLOW) if frappe.db.exists("Workflow", WORKFLOW) else None
	return workflow.states[0].state if workflow and workflow.states else ""


def _follow_rename(deal, pipeline: PipelineRule) -> None:
	"""An open form or another program may still use the name that the stage had before a rename."""
	former = pipeline.find_former(deal.stage)
	if former:
		deal.stage = former.name


def _add_option(deal, stage: str) -> None:
	"""The pipeline was changed a moment ago and this request still has the old meta: its own copy learns the stage."""
	df = deal.meta.get_field("stage")
	if stage not in (df.options or "").split("\n"):
		df.options = f"{df.options or ''}\n{stage}"


def _take_reason(deal) -> str:
	"""The reason is for one save: it goes to the log and not into the deal."""
	reason = (deal.flags.stage_reason or deal.get("stage_change_reason") or "").strip()
	deal.stage_change_reason = None
	return reason
