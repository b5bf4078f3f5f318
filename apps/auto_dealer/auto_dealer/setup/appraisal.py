"""The workflow of appraisals, and the checklist and figures that a dealer starts with."""

from __future__ import annotations

import frappe

from auto_dealer.setup.credit import add_workflow
from auto_dealer.setup.pipelines import read_seed
from auto_dealer.setup.seeded_once import seed_once

WORKFLOW = "vehicle_appraisal"
SETTINGS = {
	"target_margin": 10,
	"bargain": 3,
	"mileage_adjustment": 1.5,
	"year_adjustment": 5,
	"least_comparables": 3,
	"round_to": 1000,
	"timeout": 20,
}


def add_appraisal() -> None:
	"""Seeds once; the workflow is imported when it is missing or its file is newer, an admin's edits stay otherwise."""
	seed_once("appraisal settings", _set_settings)
	add_workflow(WORKFLOW)


def _set_settings() -> None:
	settings = frappe.get_single("Appraisal Settings")
	for field, value in SETTINGS.items():
		if not settings.get(field):
			settings.set(field, value)
	if not settings.checklist:
		for row in read_seed("appraisal_checklist"):
			settings.append("checklist", row)
	settings.save()
