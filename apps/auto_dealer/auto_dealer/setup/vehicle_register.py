"""Sites that had the pipelines before the register: their two stages register the car too. Once."""

from __future__ import annotations

import frappe

from auto_dealer.setup.seeded_once import seed_once

STAGES = {"Buyout": "Deal Done", "Commission": "Contract Signed"}


def add_register_stages() -> None:
	seed_once("stages that register the car", _mark_stages)


def _mark_stages() -> None:
	for name, stage_name in STAGES.items():
		if not frappe.db.exists("Deal Pipeline", name):
			continue
		pipeline = frappe.get_doc("Deal Pipeline", name)
		stages = [stage for stage in pipeline.stages if stage.stage_name == stage_name]
		if stages and not stages[0].registers_vehicle:
			stages[0].registers_vehicle = 1
			pipeline.save()
