"""Deals that a pack moved out of a stage go back into it when the pack is rolled back; those moved on since stay."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from auto_dealer.pipelines.load_pipeline import load_locked
from auto_dealer.pipelines.rules.stages import deadline_of
from auto_dealer.pipelines.save_pipeline import DealsAreBusy

BATCH = 500
# The deals that still stand where the pack put them. Nobody is waited for: their savers may wait for the pipeline.
FIND = """
	select deal.name from `tabAuto Deal` deal
	join `tabDeal Stage Log` log on log.deal = deal.name
		and log.pipeline = %(pipeline)s and log.from_stage = %(stage)s and log.changed_at = %(at)s
	where deal.pipeline = %(pipeline)s and deal.stage_changed_at = %(at)s"""
LOCK = """select name from `tabAuto Deal` where name in %(names)s and pipeline = %(pipeline)s
	and stage_changed_at = %(at)s for update nowait"""
LOG = """
	insert into `tabDeal Stage Log` (name, creation, modified, owner, modified_by, deal, pipeline, from_pipeline,
		from_stage, to_stage, reason, changed_by, changed_at, seconds_in_stage, responsible, department)
	select left(md5(concat(name, %(now)s, rand())), 20), %(now)s, %(now)s, %(user)s, %(user)s, name, pipeline,
		pipeline, stage, %(stage)s, %(reason)s, %(user)s, %(now)s,
		greatest(ifnull(timestampdiff(second, stage_changed_at, %(now)s), 0), 0), responsible, department
	from `tabAuto Deal` where name in %(names)s"""
RETURN = """
	update `tabAuto Deal` set stage = %(stage)s, stage_changed_at = %(now)s, stage_deadline = %(deadline)s,
		probability = %(probability)s, modified = %(now)s, modified_by = %(user)s
	where name in %(names)s"""


def return_deals(pipeline: str, moved: list[dict[str, Any]]) -> int:
	"""`moved`: [{stage, at}] as the carrying wrote it down; gives how many deals went back."""
	returned = 0
	rule = load_locked(pipeline)
	for move in moved:
		stage = rule.find(move["stage"])
		if stage and stage.is_enabled:
			returned += _return(pipeline, stage, move["at"])
	return returned


def _return(pipeline: str, stage, at: str) -> int:
	found = [row[0] for row in frappe.db.sql(FIND, {"pipeline": pipeline, "stage": stage.name, "at": at})]
	now = now_datetime()
	for start in range(0, len(found), BATCH):
		values = {
			"pipeline": pipeline,
			"stage": stage.name,
			"at": at,
			"now": now,
			"user": frappe.session.user,
			"reason": _("The pack was rolled back"),
			"deadline": deadline_of(stage, now),
			"probability": stage.probability,
		}
		values["names"] = _lock({**values, "names": found[start : start + BATCH]})
		if values["names"]:
			frappe.db.sql(LOG, values)
			frappe.db.sql(RETURN, values)
	return len(found)


def _lock(values: dict[str, Any]) -> list[str]:
	try:
		return [row[0] for row in frappe.db.sql(LOCK, values)]
	except frappe.QueryTimeoutError:
		frappe.throw(_("Deals of this pipeline are being saved right now. Please try again."), DealsAreBusy)
