"""Finds the services that are asked about a VIN."""

from __future__ import annotations

import frappe

from auto_dealer.appraisal.vin_services.interface import VinConnector

HOOK = "dealer_vin_connectors"


def ready_services() -> list[str]:
	"""Names of the services that are switched on."""
	return [name for name in frappe.get_hooks(HOOK) if get_connector(name).is_ready()]


def get_connector(name: str) -> VinConnector | None:
	"""A new connector; None when no app registers one of this name."""
	# A hook that is a dictionary gives lists: the last app wins.
	paths = frappe.get_hooks(HOOK).get(name)
	return frappe.get_attr(paths[-1])() if paths else None
