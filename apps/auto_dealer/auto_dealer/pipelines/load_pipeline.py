"""Pipelines as frozen rules, cached in the process.

`version` of a pipeline is a new random number at every save, so a cached rule can never be mistaken for another
state of the pipeline: not after a rollback, not in another process, not after a restore from a backup.
"""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.pipelines.rules.stage_names import split_lines
from auto_dealer.pipelines.rules.stages import PipelineRule, StageRule

CACHE_SIZE = 64

# Plain and under the shared lock. A rule is read as its version was: a plain read could be older than a locked one.
VERSION = "select version from `tabDeal Pipeline` where name = %s"
VERSION_LOCKED = "select version from `tabDeal Pipeline` where name = %s lock in share mode"
PIPELINE = "select * from `tabDeal Pipeline` where name = %s"
PIPELINE_LOCKED = "select * from `tabDeal Pipeline` where name = %s lock in share mode"
STAGES = "select * from `tabDeal Stage` where parent = %s and parenttype = 'Deal Pipeline' order by idx"
STAGES_LOCKED = "select * from `tabDeal Stage` where parent = %s and parenttype = 'Deal Pipeline' order by idx lock in share mode"

_cache: dict[tuple[str, str, int], PipelineRule] = {}


class PipelineMissing(frappe.ValidationError):
	"""The pipeline does not exist (any more)."""


def load(name: str) -> PipelineRule:
	"""The pipeline as this transaction sees it: one small SELECT, two more when it has changed since the last call."""
	return _load(name, locked=False)


def load_locked(name: str) -> PipelineRule:
	"""The pipeline as it is now, held so until the transaction ends: one SELECT … LOCK IN SHARE MODE.

	Who saves a pipeline holds its row exclusively: a move waits for the end of a rename, and a rename for the moves
	under way. Moves do not wait for each other.
	"""
	return _load(name, locked=True)


def load_all() -> list[PipelineRule]:
	"""All pipelines as they are now; for the compiler, under its lock."""
	names = [row[0] for row in frappe.db.sql("select name from `tabDeal Pipeline` lock in share mode")]
	return [load_locked(name) for name in names]


def from_document(doc) -> PipelineRule:
	"""The rule that a Deal Pipeline document says, saved or not."""
	return _make_rule(doc, doc.stages)


def _load(name: str, locked: bool) -> PipelineRule:
	found = frappe.db.sql(VERSION_LOCKED if locked else VERSION, name)
	if not found:
		frappe.throw(_("There is no pipeline {0}").format(frappe.utils.escape_html(name)), PipelineMissing)
	key = (frappe.local.site, name, found[0][0])
	rule = _cache.get(key)
	if not rule:
		rule = _cache[key] = _read(name, locked)
		while len(_cache) > CACHE_SIZE:
			_cache.pop(next(iter(_cache)), None)
	return rule


def _read(name: str, locked: bool) -> PipelineRule:
	pipeline = frappe.db.sql(PIPELINE_LOCKED if locked else PIPELINE, name, as_dict=True)[0]
	return _make_rule(pipeline, frappe.db.sql(STAGES_LOCKED if locked else STAGES, name, as_dict=True))


def _make_rule(pipeline, stages) -> PipelineRule:
	return PipelineRule(
		name=pipeline.name,
		stages=tuple(_make_stage(stage) for stage in stages),
		is_strict=bool(pipeline.is_strict),
		is_enabled=bool(pipeline.is_enabled),
		lead_required=bool(pipeline.lead_required),
		department=pipeline.department or "",
		deal_kind=pipeline.deal_kind or "",
		sort_order=pipeline.sort_order or 0,
		is_default=bool(pipeline.is_default),
		version=pipeline.version or 0,
	)


def _make_stage(stage) -> StageRule:
	return StageRule(
		name=stage.stage_name,
		kind=stage.kind or "Open",
		is_enabled=bool(stage.is_enabled),
		required_fields=split_lines(stage.required_fields, "\n,"),
		entry_condition=(stage.entry_condition or "").strip(),
		condition_message=stage.condition_message or "",
		asks_for_photo=bool(stage.asks_for_attachment),
		registers_vehicle=bool(stage.get("registers_vehicle")),
		allowed_roles=split_lines(stage.allowed_roles),
		deadline_hours=float(stage.deadline_hours or 0),
		probability=float(stage.probability or 0),
		next_step=stage.next_step or "",
		color=stage.color or "Blue",
		former_names=split_lines(stage.former_names),
		row=stage.name or "",
	)
