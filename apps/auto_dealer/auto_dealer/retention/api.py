"""What the desk may call for retention."""

from __future__ import annotations

import frappe

from auto_dealer.retention.plan_cars import CAR, PLAN, compute

SHOWN = ("status", "due_on", "due_by", "due_mileage", "daily_km", "is_own_rate", "deal", "last_service_on")


@frappe.whitelist()
def get_forecast(vehicle: str) -> dict | None:
	"""When the car is due, reckoned now; for whoever reads the car and maintenance plans."""
	frappe.has_permission(CAR, "read", doc=vehicle, throw=True)
	if not frappe.has_permission(PLAN, "read"):
		return None
	values = compute([vehicle]).get(vehicle)
	has_plan = bool(frappe.db.exists(PLAN, vehicle))
	return {**{field: values[field] for field in SHOWN}, "has_plan": has_plan} if values else None
