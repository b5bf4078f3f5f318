"""What the form shows above a deal: its way through the pipeline, the next step and the deadline."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.utils import get_datetime, now_datetime

from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.pipelines.rules.stages import is_overdue, may_go, needs_reason, seconds_between


def make_stage_bar(deal) -> dict[str, Any]:
	"""The stages that are switched on, and the deal's own even when it is off; texts in the user's language, unescaped.

	`stages`: name, label, color, kind, current, done (passed by on the way here), can_enter (the way exists),
	needs_reason. `since`, `deadline`: datetimes; `seconds` in the stage; `overdue`.
	"""
	pipeline = load(deal.pipeline)
	now = now_datetime()
	current = pipeline.find(deal.stage)
	at = pipeline.stages.index(current) if current else -1
	shown = [stage for stage in pipeline.stages if stage.is_enabled or stage == current]
	since = get_datetime(deal.stage_changed_at) if deal.stage_changed_at else None
	deadline = get_datetime(deal.stage_deadline) if deal.stage_deadline else None
	return {
		"deal": deal.name,
		"pipeline": deal.pipeline,
		"pipeline_label": _(deal.pipeline),
		"stage": deal.stage,
		"stages": [
			{
				"name": stage.name,
				"label": _(stage.name),
				"color": stage.color,
				"kind": stage.kind,
				"current": stage == current,
				"done": stage.is_open and pipeline.stages.index(stage) < at,
				"can_enter": bool(current) and may_go(pipeline, current, stage),
				"needs_reason": needs_reason(pipeline, current, stage),
			}
			for stage in shown
		],
		"next_step": _(current.next_step) if current and current.next_step else "",
		"since": since,
		"seconds": seconds_between(since, now),
		"deadline": deadline,
		"overdue": is_overdue(deadline, now, bool(deal.is_closed)),
		"is_closed": bool(deal.is_closed),
		"result": deal.result or "",
	}
