"""Asks the services about a typed VIN (R101): a VIN Lookup for each, its job runs after the commit."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.appraisal.car_fields import is_open
from auto_dealer.appraisal.vin_services.connectors import ready_services

LOOKUP = "VIN Lookup"
SAVEPOINT = "dealer_vin_lookup"


def queue_lookups(appraisal: Document) -> None:
	"""After a save with a new VIN; no SQL without one, or without a service that is switched on."""
	before = appraisal.get_doc_before_save()
	if not appraisal.vin or (before and before.vin == appraisal.vin) or not is_open(appraisal):
		return
	ask_services(appraisal)


def ask_services(appraisal: Document, again: bool = False) -> list[str]:
	"""Names of the lookups whose jobs are queued; one for each service that is switched on.

	`again`: also what was answered or has failed for good is asked anew.
	"""
	names = [add_lookup(appraisal, service, again) for service in ready_services()]
	for name in names:
		enqueue(name)
	return names


def add_lookup(appraisal: Document, service: str, again: bool) -> str:
	"""The question to one service; the same VIN typed again takes the row that is there."""
	key = f"{appraisal.name}:{service}:{appraisal.vin}"
	if found := frappe.db.get_value(LOOKUP, {"lookup_key": key}):
		if again:
			frappe.db.set_value(
				LOOKUP,
				found,
				{"status": "Queued", "attempts": 0, "next_try_at": None, "found": None, "error": None},
			)
		return found
	lookup = frappe.get_doc(
		{
			"doctype": LOOKUP,
			"appraisal": appraisal.name,
			"deal": appraisal.deal,
			"connector": service,
			"vin": appraisal.vin,
			"lookup_key": key,
			"status": "Queued",
		}
	)
	# Whoever may save the appraisal has typed the VIN; the lookups themselves nobody writes by hand.
	return lookup.insert(ignore_permissions=True).name


def enqueue(lookup: str) -> None:
	"""One job a service, so that one that is slow holds nobody up."""
	frappe.enqueue(
		"auto_dealer.appraisal.vin_jobs.look_up",
		queue="default",
		lookup=lookup,
		enqueue_after_commit=True,
	)
