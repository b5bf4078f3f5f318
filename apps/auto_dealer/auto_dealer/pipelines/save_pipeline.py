"""What saving, renaming and deleting a pipeline means for its deals.

Locks, always in this order: the compiler's lock (one save of pipelines at a time) → the pipeline's row, exclusively
→ the deals that are to be rewritten → rows of Workflow, Property Setter and boards. A move holds its deal and then
waits for the pipeline's row; so the deals are taken with NOWAIT, and when one is busy everything is let go and
tried again: nobody deadlocks, and the move that was under way comes first.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import frappe
from frappe import _
from frappe.utils import escape_html

from auto_dealer.pipelines import check_pipeline
from auto_dealer.pipelines.carry_deals import carry_deals, count_deals
from auto_dealer.pipelines.compile_pipeline import (
	compile_pipelines,
	delete_board,
	lock_compiler,
	rename_board,
)
from auto_dealer.pipelines.load_pipeline import from_document
from auto_dealer.pipelines.rules.stage_changes import StageChanges, compare, former_names
from auto_dealer.pipelines.rules.stage_names import clean_name, split_lines
from auto_dealer.robots.follow_pipeline import rename_pipeline

SECONDS_TO_WAIT = 15
LOCK_ALL = "select count(*) from `tabAuto Deal` where pipeline = %(pipeline)s for update nowait"
LOCK_STAGES = (
	"select count(*) from `tabAuto Deal` force index (dealer_board)"
	" where pipeline = %(pipeline)s and stage in %(stages)s for update nowait"
)


class StageHoldsDeals(frappe.ValidationError):
	"""A stage cannot go while deals stand in it; `frappe.response["stage_holds_deals"]` says how many and where to."""


class PipelineHoldsDeals(frappe.ValidationError):
	"""A pipeline with deals or with their history cannot be deleted."""


class DealsAreBusy(frappe.ValidationError):
	"""The deals of a stage are being saved without a pause."""


def lock_first(pipeline) -> None:
	"""Before Frappe locks the pipeline's row: to compare it at a save, and at once for a REST PUT."""
	lock_compiler()


def read_input(pipeline) -> None:
	"""Names and lists as they are kept; then the deals that this save will rewrite are locked."""
	pipeline.pipeline_name = clean_name(pipeline.pipeline_name)
	for stage in pipeline.stages:
		stage.stage_name = clean_name(stage.stage_name)
		stage.required_fields = "\n".join(split_lines(stage.required_fields, "\n,"))
		stage.allowed_roles = "\n".join(split_lines(stage.allowed_roles))
		stage.entry_condition = (stage.entry_condition or "").strip()
	pipeline.flags.move_removed_to = clean_name(pipeline.move_removed_to)
	pipeline.move_removed_to = None
	if not pipeline.is_new():
		_lock_touched_deals(pipeline)


def check(pipeline) -> None:
	"""Throws what is wrong with the pipeline; then gives it the version and the former names of its stages."""
	check_pipeline.check(pipeline)
	changes = get_changes(pipeline)
	if changes.vacated:
		_check_vacated(pipeline, changes)
	before = pipeline.get_doc_before_save()
	if before and not pipeline.flags.keep_former_names:
		names = former_names(from_document(before), from_document(pipeline))
		for stage in pipeline.stages:
			stage.former_names = "\n".join(names.get(stage.stage_name, ()))
	pipeline.version = secrets.randbelow(2**31 - 1) + 1


def after_save(pipeline) -> None:
	"""The deals follow, then Frappe's Workflow, options and boards."""
	if pipeline.is_default:
		_make_only_default(pipeline.name)
	changes = get_changes(pipeline)
	if changes.touched:
		targets = {stage.name: _target_of(pipeline, stage.name) for stage in changes.vacated}
		pipeline.flags.carried = carry_deals(from_document(pipeline), changes, targets)
	if not pipeline.flags.defer_compile:
		compile_pipelines()


def before_delete(pipeline) -> None:
	"""Throws PipelineHoldsDeals; new deals wait meanwhile for the row's lock and then find no pipeline."""
	_lock_whole(pipeline.name)
	title = escape_html(pipeline.name)
	if deals := sum(count_deals(pipeline.name).values()):
		frappe.throw(
			_(
				"Pipeline {0} holds {1} deals. Move them to another pipeline first, or switch the pipeline off."
			).format(title, deals),
			PipelineHoldsDeals,
		)
	history = ("pipeline", pipeline.name), ("from_pipeline", pipeline.name)
	if any(frappe.db.exists("Deal Stage Log", {field: name}) for field, name in history):
		frappe.throw(
			_(
				"Deals have been in pipeline {0}: the reports need their history. Switch the pipeline off instead."
			).format(title),
			PipelineHoldsDeals,
		)


def after_delete(pipeline) -> None:
	delete_board(pipeline.kanban_board)
	compile_pipelines()


def before_rename(pipeline, old: str, new: str, merge: bool) -> str:
	"""Two pipelines are never merged; returns the cleaned name. Deals are locked as for a save."""
	if merge:
		frappe.throw(_("Pipelines cannot be merged: move the deals, then delete the empty pipeline."))

	_lock_whole(old)
	return clean_name(new)


def after_rename(old: str, new: str) -> None:
	"""A rename changes what the rule says, so it is a new version; conditions and the board follow."""
	frappe.db.set_value(
		"Deal Pipeline",
		new,
		{"version": secrets.randbelow(2**31 - 1) + 1, "pipeline_name": new},
		update_modified=False,
	)
	rename_board(old, new)
	rename_pipeline(old, new)
	compile_pipelines()


def get_changes(pipeline) -> StageChanges:
	"""What this save changes for deals; nothing for a new pipeline."""
	before = pipeline.get_doc_before_save()
	return compare(from_document(before), from_document(pipeline)) if before else StageChanges()


def lock_deals(pipeline: str, stages: tuple[str, ...] | None, lock_again: Callable[[], None]) -> None:
	"""Locks the deals of these stages (None: all) without ever waiting for one while the pipeline is held."""
	query = LOCK_ALL if stages is None else LOCK_STAGES
	give_up = time.monotonic() + SECONDS_TO_WAIT
	while True:
		try:
			frappe.db.sql(query, {"pipeline": pipeline, "stages": stages})
			return
		except frappe.QueryTimeoutError:
			# Something was written before: the caller's work may not be thrown away.
			if frappe.db.transaction_writes or time.monotonic() > give_up:
				frappe.throw(
					_("Deals of this pipeline are being saved right now. Please try again."), DealsAreBusy
				)
		frappe.db.rollback()
		time.sleep(0.02 + secrets.randbelow(50) / 1000)
		lock_again()


def _lock_whole(name: str) -> None:
	"""The pipeline and all its deals."""

	def lock() -> None:
		lock_compiler()
		frappe.db.get_value("Deal Pipeline", name, "name", for_update=True)

	lock()
	lock_deals(name, None, lock)


def _lock_touched_deals(pipeline) -> None:
	if touched := get_changes(pipeline).touched:
		lock_deals(pipeline.name, touched, pipeline.check_if_latest)


def _check_vacated(pipeline, changes: StageChanges) -> None:
	"""Deals of a stage that goes need a stage of the same kind to go to."""
	counts = count_deals(pipeline.name, tuple(stage.name for stage in changes.vacated))
	held = [stage for stage in changes.vacated if counts.get(stage.name)]
	if not held:
		return
	rule = from_document(pipeline)
	held = [stage for stage in held if not _goes_on(rule.find(_target_of(pipeline, stage.name)), stage)]
	if not held:
		return
	kinds = {stage.kind for stage in held}
	frappe.response["stage_holds_deals"] = {
		"pipeline": pipeline.name,
		"stages": {stage.name: counts[stage.name] for stage in held},
		"choices": [stage.name for stage in rule.enabled if kinds == {stage.kind}],
	}
	listed = ", ".join(f"<b>{escape_html(_(stage.name))}</b> ({counts[stage.name]})" for stage in held)
	frappe.throw(
		_("Deals stand in: {0}. Say in which stage of the same kind they go on.").format(listed),
		StageHoldsDeals,
		title=_("Where do the deals go?"),
	)


def _target_of(pipeline, stage: str) -> str:
	"""Where deals of a stage that goes go on: said for this stage (by a pack), or for all that go."""
	return (pipeline.flags.stage_targets or {}).get(stage) or pipeline.flags.move_removed_to


def _goes_on(target, stage) -> bool:
	return bool(target and target.is_enabled and target.kind == stage.kind)


def _make_only_default(name: str) -> None:
	for other in frappe.get_all("Deal Pipeline", {"is_default": 1, "name": ("!=", name)}, pluck="name"):
		version = secrets.randbelow(2**31 - 1) + 1
		frappe.db.set_value("Deal Pipeline", other, {"is_default": 0, "version": version})
