"""Deals and their log follow an edit of the pipeline, in the same transaction.

Every statement on deals is made to use the index of pipeline and stage: a scan of the table would wait for deals of
other stages, whose savers wait for the pipeline that is being saved.
"""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe.utils import now_datetime

from auto_dealer.pipelines.rules.stage_changes import StageChanges
from auto_dealer.pipelines.rules.stages import PipelineRule, StageRule, deadline_of
from auto_dealer.robots.follow_pipeline import rename_stage

COUNT = "select stage, count(*) from `tabAuto Deal` where pipeline = %(pipeline)s group by stage lock in share mode"
COUNT_STAGES = """
	select stage, count(*) from `tabAuto Deal` force index (dealer_board)
	where pipeline = %(pipeline)s and stage in %(stages)s group by stage lock in share mode"""
RENAME_IN_DEALS = """
	update `tabAuto Deal` force index (dealer_board) set stage = %(new)s
	where pipeline = %(pipeline)s and stage = %(old)s"""
RENAME_TO = (
	"update `tabDeal Stage Log` set to_stage = %(new)s where pipeline = %(pipeline)s and to_stage = %(old)s"
)
RENAME_FROM = """
	update `tabDeal Stage Log` set from_stage = %(new)s
	where ifnull(from_pipeline, pipeline) = %(pipeline)s and from_stage = %(old)s"""
LOG_CARRIED = """
	insert into `tabDeal Stage Log` (name, creation, modified, owner, modified_by, deal, pipeline, from_pipeline,
		from_stage, to_stage, reason, changed_by, changed_at, seconds_in_stage, responsible, department)
	select left(md5(concat(name, %(now)s, rand())), 20), %(now)s, %(now)s, %(user)s, %(user)s, name, pipeline,
		pipeline, stage, %(target)s, %(reason)s, %(user)s, %(now)s,
		greatest(ifnull(timestampdiff(second, stage_changed_at, %(now)s), 0), 0), responsible, department
	from `tabAuto Deal` force index (dealer_board) where pipeline = %(pipeline)s and stage in %(vacated)s"""
ENTER_TARGET = """
	update `tabAuto Deal` force index (dealer_board) set stage = %(target)s, stage_changed_at = %(now)s,
		stage_deadline = %(deadline)s, probability = %(probability)s, modified = %(now)s, modified_by = %(user)s
	where pipeline = %(pipeline)s and stage in %(vacated)s"""
RETUNE = """
	update `tabAuto Deal` force index (dealer_board) set probability = %(probability)s,
		stage_deadline = if(%(seconds)s > 0, date_add(stage_changed_at, interval %(seconds)s second), null)
	where pipeline = %(pipeline)s and stage = %(stage)s"""


def count_deals(pipeline: str, stages: tuple[str, ...] | None = None) -> dict[str, int]:
	"""Deals by stage as they are now. A locking read, for the transaction's snapshot may be older; the caller has
	locked the pipeline and then, without waiting, these deals."""
	query = COUNT if stages is None else COUNT_STAGES
	return dict(frappe.db.sql(query, {"pipeline": pipeline, "stages": stages}))


def carry_deals(pipeline: PipelineRule, changes: StageChanges, targets: dict[str, str]) -> list[dict]:
	"""Rewrites what deals say about their stage; gives [{stage, at, count}] of the deals that were moved.

	A rename is no move: deals and log rows take the new name, `modified` and the time in the stage stay. Deals of a
	stage that goes are moved to its stage of `targets`, with a row in the log. The caller holds the locks.
	"""
	parked, carried = {}, []
	counts = count_deals(pipeline.name, tuple(targets)) if targets else {}
	for vacated, target_name in targets.items():
		if not counts.get(vacated) or not (target := pipeline.find(target_name)):
			continue
		# The target's name may be an old name of a renamed stage: such deals wait under a name of their own.
		token = _token()
		parked[token] = target.name
		at = _carry_vacated(pipeline, (vacated,), target, token)
		carried.append({"stage": vacated, "at": str(at), "count": counts[vacated]})
	_rename(pipeline.name, changes.renamed)
	for token, name in parked.items():
		_rename_everywhere(pipeline.name, token, name)
	for stage in changes.retuned:
		_retune(pipeline.name, stage)
	return carried


def _rename(pipeline: str, renamed: tuple[tuple[str, str], ...]) -> None:
	"""One UPDATE a table and name; when stages swap names they pass by names that nobody has."""
	old_names = {old.casefold() for old, _new in renamed}
	if any(new.casefold() in old_names - {old.casefold()} for old, new in renamed):
		tokens = [(old, _token(), new) for old, new in renamed]
		steps = [(old, token) for old, token, _new in tokens] + [(token, new) for _old, token, new in tokens]
	else:
		steps = list(renamed)
	for old, new in steps:
		_rename_everywhere(pipeline, old, new)


def _rename_everywhere(pipeline: str, old: str, new: str) -> None:
	"""The history of a stage goes on under its new name, or every funnel report would break in two."""
	for query in (RENAME_IN_DEALS, RENAME_TO, RENAME_FROM):
		frappe.db.sql(query, {"pipeline": pipeline, "old": old, "new": new})
	rename_stage(pipeline, old, new)


def _carry_vacated(
	pipeline: PipelineRule, vacated: tuple[str, ...], target: StageRule, token: str
) -> datetime:
	"""The kinds of the stages are the same, so result and closing time stay. Gives the moment that is logged."""
	now = now_datetime()
	values = {
		"now": now,
		"user": frappe.session.user,
		"pipeline": pipeline.name,
		"vacated": vacated,
		"target": token,
		"reason": frappe._("The stage was removed from the pipeline"),
		"deadline": deadline_of(target, now),
		"probability": target.probability,
	}
	frappe.db.sql(LOG_CARRIED, values)
	frappe.db.sql(ENTER_TARGET, values)
	return now


def _retune(pipeline: str, stage: StageRule) -> None:
	frappe.db.sql(
		RETUNE,
		{
			"probability": stage.probability,
			"seconds": int(stage.deadline_hours * 3600) if stage.is_open else 0,
			"pipeline": pipeline,
			"stage": stage.name,
		},
	)


def _token() -> str:
	return f"~{frappe.generate_hash(length=20)}"
