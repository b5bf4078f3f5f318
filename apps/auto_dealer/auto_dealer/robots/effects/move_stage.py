"""The document goes to another stage through the same gate as everybody; a gate that refuses ends the run."""

from __future__ import annotations

from frappe import _

from auto_dealer.pipelines.move_deal import move_deal
from auto_dealer.robots.stage_of import stage_field, stage_of


def run(robot, doc, params: dict, run) -> list[str]:
	to_stage = params["target_stage"]
	if stage_of(doc) == to_stage:
		return []
	if doc.doctype == "Auto Deal":
		move_deal(doc.name, to_stage, reason=_("Robot: {0}").format(robot.title))
	else:
		doc.set(stage_field(doc.doctype), to_stage)
		doc.save()
	return [_("Moved to {0}").format(_(to_stage))]
