"""Appraisals among the events of a car (hook `dealer_vehicle_timeline`)."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.vehicles.timeline import MOST_EVENTS, event

DOCTYPE = "Vehicle Appraisal"


def appraisals(vehicle: str) -> list[dict]:
	"""Those of the car's card or VIN that the user may see."""
	if not frappe.has_permission(DOCTYPE, "read"):
		return []
	vin = frappe.db.get_value("Auto Vehicle", vehicle, "vin")
	ways = {"vehicle": vehicle, **({"vin": vin} if vin else {})}
	fields = ["name", "title", "stage", "agreed_price", "offered_price", "recommended_price", "currency"]
	rows = frappe.get_list(
		DOCTYPE,
		or_filters=ways,
		fields=[*fields, "creation", "closed_at"],
		limit=MOST_EVENTS,
		order_by="creation desc",
	)
	return [
		event(
			row.closed_at or row.creation,
			"Appraisal",
			row.title or row.name,
			status=_(row.stage, context=DOCTYPE),
			amount=row.agreed_price or row.offered_price or row.recommended_price,
			currency=row.currency,
			doctype=DOCTYPE,
			name=row.name,
		)
		for row in rows
	]
