"""Groups of services and skills of mechanics that a dealer starts with, given once; an admin's changes stay."""

from __future__ import annotations

import frappe

from auto_dealer.setup.seeded_once import seed_once

# Name: is it counted by the warranty rates.
SERVICE_GROUPS = {
	"Scheduled Maintenance": 0,
	"Warranty Repair": 1,
	"Post-Warranty Repair": 0,
	"Diagnostics": 0,
	"Tyre Service": 0,
	"Body Work": 0,
	"Detailing": 0,
	"Test Drive": 0,
	"Contract Appointment": 0,
}
SERVICE_SKILLS = (
	"Maintenance",
	"Engine and Transmission",
	"Chassis and Brakes",
	"Electrics and Diagnostics",
	"Tyre Fitting",
	"Body Repair",
	"Painting",
	"Air Conditioning",
)


def add_workshop() -> None:
	seed_once("service groups", _add_groups)
	seed_once("service skills", _add_skills)


def _add_groups() -> None:
	for order, (name, is_warranty) in enumerate(SERVICE_GROUPS.items(), 1):
		row = {"group_name": name, "is_warranty": is_warranty, "sort_order": order * 10, "is_enabled": 1}
		frappe.get_doc({"doctype": "Service Group", **row}).insert(ignore_if_duplicate=True)


def _add_skills() -> None:
	for name in SERVICE_SKILLS:
		row = {"skill_name": name, "is_enabled": 1}
		frappe.get_doc({"doctype": "Service Skill", **row}).insert(ignore_if_duplicate=True)
