"""Diagnostics and detailing as a dealer starts with them: settings, and the two workflows, which an admin may change."""

from __future__ import annotations

import frappe

from auto_dealer.setup.credit import add_workflow
from auto_dealer.setup.seeded_once import seed_once

WORKFLOWS = ("diagnostics_request", "detailing_request")
ROLE_OF_DUTY = {
	"leader_role": "Dealer Buyout Head",
	"administrator_role": "Dealer Detailing Administrator",
	"photographer_role": "Dealer Photographer",
	"sales_role": "Dealer Sales Manager",
}
TIMES = {
	"visit_reminder_hours": 2,
	"task_reminder_hours": 2,
	"unanswered_hours": 0,
	"photo_hours": 24,
	"photos_needed": 5,
	"link_hours": 72,
}
STAGES = {
	"diagnostics_stage": "Diagnostics",
	"detailing_stage": "Detailing",
	"detailing_done_stage": "Detailing Done",
	"photo_stage": "Photo Shoot",
	"sales_stage": "Unsorted",
}
PIPELINES = ("Buyout", "Commission")
SALES = "Used Cars"


def add_preparation() -> None:
	"""Seeds the settings once; a workflow is imported when it is missing or its file is newer."""
	seed_once("preparation settings", _set_settings)
	for name in WORKFLOWS:
		add_workflow(name)


def _set_settings() -> None:
	settings = frappe.get_single("Preparation Settings")
	for field, value in {**ROLE_OF_DUTY, **TIMES}.items():
		settings.set(field, value)
	known = {row.pipeline for row in settings.stages}
	for pipeline in PIPELINES:
		if pipeline not in known and frappe.db.exists("Deal Pipeline", pipeline):
			sales = SALES if frappe.db.exists("Deal Pipeline", SALES) else None
			settings.append("stages", {"pipeline": pipeline, "sales_pipeline": sales, **STAGES})
	settings.save()
