"""A process moves its deal on. A gate that refuses does not stop the process: people are told what is missing."""

from __future__ import annotations

from collections.abc import Callable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import strip_html

from auto_dealer.notices.send import send
from auto_dealer.pipelines.gate_error import StageGateError
from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.pipelines.move_deal import move_by_process
from auto_dealer.processes.rules.deal_course import find_target, next_stage

SAVEPOINT = "dealer_process_deal"


def stages_for(pipeline: str) -> frappe._dict:
	"""The row of Preparation Settings for the pipeline; empty when it has none."""
	settings = frappe.get_cached_doc("Preparation Settings")
	found = next((row for row in settings.stages if row.pipeline == pipeline), None)
	return frappe._dict(found.as_dict()) if found else frappe._dict()


def send_deal(request: Document, field: str, only_from_before: bool = False) -> None:
	"""To the stage that Preparation Settings name in `field`; stays when it is there or beyond."""
	deal = find_deal(request)
	wanted = current_name(deal.pipeline, stages_for(deal.pipeline).get(field))
	target = find_target(open_stages(deal.pipeline), deal.stage, wanted, only_from_before)
	if target:
		try_for(request, lambda: move_by_process(deal.name, target, reason_of(request)))


def send_deal_after_diagnostics(request: Document) -> None:
	"""From Diagnostics to what follows; a deal that has gone on by itself stays where it is (R158)."""
	deal = find_deal(request)
	row, stages = stages_for(deal.pipeline), open_stages(deal.pipeline)
	if deal.stage != current_name(deal.pipeline, row.diagnostics_stage):
		return
	target = current_name(deal.pipeline, row.after_diagnostics_stage) or next_stage(stages, deal.stage)
	if target:
		try_for(request, lambda: move_by_process(deal.name, target, reason_of(request)))


def try_for(request: Document, move: Callable[[], object]) -> bool:
	"""Whether the deal moved. If its stage refuses, the request notes why, and author and responsible are told."""
	frappe.db.savepoint(SAVEPOINT)
	try:
		move()
	except StageGateError as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		frappe.response.pop("stage_gate", None)
		tell_refusal(request, strip_html(str(error)))
		return False
	if request.deal_note:
		request.db_set("deal_note", None, update_modified=False)
	return True


def tell_refusal(request: Document, reason: str) -> None:
	request.db_set("deal_note", reason[:500], update_modified=False)
	responsible = frappe.db.get_value("Auto Deal", request.deal, "responsible")
	send(
		[request.author, responsible],
		_("The deal does not go on: {0}").format(request.title),
		reason,
		("Auto Deal", request.deal),
	)


def find_deal(request: Document) -> frappe._dict:
	"""As it is now, its row locked: the process decides by the stage where it stands."""
	return frappe.db.get_value(
		"Auto Deal",
		request.deal,
		["name", "pipeline", "stage", "is_closed", "responsible", "department"],
		as_dict=True,
		for_update=True,
	)


def open_stages(pipeline: str) -> list[str]:
	return [stage.name for stage in load(pipeline).stages if stage.is_open and stage.is_enabled]


def current_name(pipeline: str, stage: str | None) -> str:
	"""The stage of the settings by its present name: an admin may have renamed it since."""
	if not stage:
		return ""
	rule = load(pipeline)
	found = rule.find(stage) or rule.find_former(stage)
	return found.name if found else ""


def reason_of(request: Document) -> str:
	return f"{_(request.doctype)} {request.name}"
