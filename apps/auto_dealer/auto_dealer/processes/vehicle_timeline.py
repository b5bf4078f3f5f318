"""Diagnostics and detailing in a car's timeline (hook `dealer_vehicle_timeline`)."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.vehicles.timeline import event

DOCTYPES = ("Diagnostics Request", "Detailing Request")


def events(vehicle: str) -> list[dict]:
	"""Requests about the car that the user sees."""
	return [
		event(
			request.creation,
			_(doctype),
			request.title or request.name,
			status=_(request.state, context=doctype),
			doctype=doctype,
			name=request.name,
		)
		for doctype in DOCTYPES
		if frappe.has_permission(doctype, "read")
		for request in frappe.get_list(
			doctype, {"vehicle": vehicle}, ["name", "title", "state", "creation"], limit=50
		)
	]
