"""What the car's form asks the server."""

import frappe

from auto_dealer.vehicles import stock_records, timeline
from auto_dealer.vehicles.prepare_vehicle import car_with_vin, vin_error, vin_warning
from auto_dealer.vehicles.rules.vin import check_vin as check


@frappe.whitelist()
def check_vin(vin: str, vehicle: str | None = None) -> dict:
	"""The VIN folded, what would be refused, what is only doubtful, and the car that has it already.

	For staff who may read cars; a stranger learns nothing.
	"""
	frappe.has_permission("Auto Vehicle", "read", throw=True)
	result = check(vin)
	other = car_with_vin(result.vin, vehicle) if result.vin and not result.error else None
	return {"vin": result.vin, "error": vin_error(result), "warning": vin_warning(result), "other": other}


@frappe.whitelist(methods=["POST"])
def retry_registration(vehicle: str) -> None:
	"""Tries again to make the car's Item and Serial No, in the background. For those who may edit the car."""
	frappe.has_permission("Auto Vehicle", "write", doc=vehicle, throw=True)
	stock_records.queue_registration(vehicle)


@frappe.whitelist()
def get_timeline(vehicle: str) -> list[dict]:
	"""All that happened to the car, the newest first; of leads, deals and contracts those that the user may see."""
	frappe.has_permission("Auto Vehicle", "read", doc=vehicle, throw=True)
	return timeline.get_timeline(vehicle)
