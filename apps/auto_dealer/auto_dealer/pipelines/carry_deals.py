"""Deals and their log follow an edit of the pipeline, in the same transaction."""

from __future__ import annotations

import frappe
from frappe.utils import now_datetime

from auto_dealer.pipelines.rules.stage_changes import StageChanges
from auto_dealer.pipelines.rules.stages import PipelineRule, StageRule, deadline_of


def count_deals(pipeline: str, stages: tuple[str, ...] | None = None) -> dict[str, int]:
	"""Deals by stage as they are now (a locking read: the transaction's snapshot may be older)."""
	condition = "" if stages is None else "and stage in %(stages)s"
	rows = frappe.db.sql(
		f"""select stage, count(*) from `tabAuto Deal` where pipeline = %(pipeline)s {condition}
		group by stage lock in share mode""",  # noqa: S608
		{"pipeline": pipeline, "stages": stages},
	)
	return dict(rows)


def carry_deals(pipeline: PipelineRule, changes: StageChanges, target_name: str) -> None:
	"""Rewrites what deals say about their stage.

	A rename is no move: deals and log rows take the new name, `modified` and the time in the stage stay. Deals of a
	stage that goes are moved to `target_name`, with a row in the log. The caller holds the locks.
	"""
	vacated = tuple(stage.name for stage in changes.vacated)
	target = pipeline.find(target_name)
	names = dict(changes.renamed)
	if vacated and target:
		_log_carried(pipeline, vacated, target)
		_enter_target(pipeline, vacated, target)
		names |= dict.fromkeys(vacated, target.name)
	if names:
		_rename_in_deals(pipeline.name, names)
	if changes.renamed:
		_rename_in_log(pipeline.name, dict(changes.renamed))
	for stage in changes.retuned:
		_retune(pipeline.name, stage)


def _rename_in_deals(pipeline: str, names: dict[str, str]) -> None:
	"""One UPDATE, so that two stages may also swap their names."""
	cases, values = _cases(names)
	frappe.db.sql(
		f"""update `tabAuto Deal` set stage = case stage {cases} else stage end
		where pipeline = %(pipeline)s and stage in %(old)s""",  # noqa: S608
		{**values, "pipeline": pipeline, "old": tuple(names)},
	)


def _rename_in_log(pipeline: str, names: dict[str, str]) -> None:
	"""The history of a stage goes on under its new name, or every funnel report would break in two."""
	cases, values = _cases(names)
	values |= {"pipeline": pipeline, "old": tuple(names)}
	frappe.db.sql(
		f"""update `tabDeal Stage Log` set to_stage = case to_stage {cases} else to_stage end
		where pipeline = %(pipeline)s and to_stage in %(old)s""",  # noqa: S608
		values,
	)
	frappe.db.sql(
		f"""update `tabDeal Stage Log` set from_stage = case from_stage {cases} else from_stage end
		where ifnull(from_pipeline, pipeline) = %(pipeline)s and from_stage in %(old)s""",  # noqa: S608
		values,
	)


def _log_carried(pipeline: PipelineRule, vacated: tuple[str, ...], target: StageRule) -> None:
	frappe.db.sql(
		"""insert into `tabDeal Stage Log` (name, creation, modified, owner, modified_by, deal, pipeline, from_pipeline,
			from_stage, to_stage, reason, changed_by, changed_at, seconds_in_stage, responsible, department)
		select left(md5(concat(name, %(now)s, rand())), 20), %(now)s, %(now)s, %(user)s, %(user)s, name, pipeline,
			pipeline, stage, %(target)s, %(reason)s, %(user)s, %(now)s,
			greatest(ifnull(timestampdiff(second, stage_changed_at, %(now)s), 0), 0), responsible, department
		from `tabAuto Deal` where pipeline = %(pipeline)s and stage in %(vacated)s""",
		{
			"now": now_datetime(),
			"user": frappe.session.user,
			"target": target.name,
			"reason": frappe._("The stage was removed from the pipeline"),
			"pipeline": pipeline.name,
			"vacated": vacated,
		},
	)


def _enter_target(pipeline: PipelineRule, vacated: tuple[str, ...], target: StageRule) -> None:
	"""All but the stage itself. The kinds are the same, so result and closing time stay."""
	now = now_datetime()
	frappe.db.sql(
		"""update `tabAuto Deal` set stage_changed_at = %(now)s, stage_deadline = %(deadline)s,
			probability = %(probability)s, modified = %(now)s, modified_by = %(user)s
		where pipeline = %(pipeline)s and stage in %(vacated)s""",
		{
			"now": now,
			"deadline": deadline_of(target, now),
			"probability": target.probability,
			"user": frappe.session.user,
			"pipeline": pipeline.name,
			"vacated": vacated,
		},
	)


def _retune(pipeline: str, stage: StageRule) -> None:
	frappe.db.sql(
		"""update `tabAuto Deal` set probability = %(probability)s,
			stage_deadline = if(%(seconds)s > 0, date_add(stage_changed_at, interval %(seconds)s second), null)
		where pipeline = %(pipeline)s and stage = %(stage)s""",
		{
			"probability": stage.probability,
			"seconds": int(stage.deadline_hours * 3600) if stage.is_open else 0,
			"pipeline": pipeline,
			"stage": stage.name,
		},
	)


def _cases(names: dict[str, str]) -> tuple[str, dict[str, str]]:
	"""The WHEN branches of a CASE with their parameters; only the parameters' numbers get into the text."""
	values = {}
	for number, (old, new) in enumerate(names.items()):
		values |= {f"old{number}": old, f"new{number}": new}
	return " ".join(f"when %(old{n})s then %(new{n})s" for n in range(len(names))), values
