"""What the desk asks of the workshop. A stranger gets nothing here."""

from __future__ import annotations

import json

import frappe

from auto_dealer.sales.retry import run_locked
from auto_dealer.workshop import norm_import, service_list
from auto_dealer.workshop.norm_export import export_norms
from auto_dealer.workshop.norm_sources import fetch_norms, get_sources
from auto_dealer.workshop.norms import find_norm

MOST_OFFERINGS = 30


@frappe.whitelist()
def get_service_list(search: str = "", group: str | None = None) -> dict:
	"""The services that the caller may read, with their fixed prices."""
	frappe.has_permission("Service Offering", "read", throw=True)
	return service_list.get_list(search[:100], group)


@frappe.whitelist()
def get_plan(offerings: list | str, vehicle: str | None = None, contact: str | None = None) -> dict:
	"""Price and time of services for a car and a client that the caller may read, explained."""
	frappe.has_permission("Service Offering", "read", throw=True)
	names = json.loads(offerings) if isinstance(offerings, str) else offerings
	for doctype, name in (("Auto Vehicle", vehicle), ("Contact", contact)):
		if name:
			frappe.has_permission(doctype, "read", doc=name, throw=True)
	return service_list.describe_plan([str(name) for name in names][:MOST_OFFERINGS], vehicle, contact)


@frappe.whitelist()
def get_norm(operation: str, vehicle: str | None = None) -> dict:
	"""Norm hours of an operation for a car that the caller may read, explained."""
	frappe.has_permission("Labour Norm", "read", throw=True)
	if vehicle:
		frappe.has_permission("Auto Vehicle", "read", doc=vehicle, throw=True)
	found = find_norm(operation, vehicle)
	return {"hours": float(found.hours), "norm": found.norm, "explanation": found.explanation}


@frappe.whitelist(methods=["POST"])
def check_norm_file(name: str) -> dict:
	"""Reads the file of an import that the caller may write and stores what it would do; writes no norm."""
	run = frappe.get_doc(norm_import.DOCTYPE, name)
	run.check_permission("write")
	return _counts(norm_import.check_file(run))


@frappe.whitelist(methods=["POST"])
def import_norm_file(name: str) -> dict:
	"""Imports what was checked; needs the rights to make and change norms."""
	frappe.has_permission(norm_import.DOCTYPE, "write", doc=name, throw=True)
	frappe.has_permission("Labour Norm", "create", throw=True)
	return _counts(run_locked(lambda: norm_import.import_file(name)))


@frappe.whitelist(methods=["POST"])
def download_norms(operation: str | None = None, make: str | None = None) -> None:
	"""Answers with all norms as CSV; only for those who may export them."""
	frappe.has_permission("Labour Norm", "export", throw=True)
	content = export_norms(operation, make)
	frappe.response.update({"filename": "norms.csv", "filecontent": content, "type": "download"})


@frappe.whitelist()
def get_norm_sources() -> list[str]:
	"""Names of the connected sources of norms."""
	frappe.has_permission("Labour Norm", "create", throw=True)
	return get_sources()


@frappe.whitelist(methods=["POST"])
def fetch_norms_of_vehicle(source: str, vehicle: str) -> list[dict]:
	"""Takes the norms of a car from a connected source; the source may bill for it."""
	frappe.has_permission("Labour Norm", "create", throw=True)
	frappe.has_permission("Auto Vehicle", "read", doc=vehicle, throw=True)
	return [proposal.as_shown() for proposal in fetch_norms(source, vehicle)]


def _counts(run: frappe.model.document.Document) -> dict:
	fields = ("name", "status", "rows_total", "rows_new", "rows_changed", "rows_same", "rows_wrong")
	return {field: run.get(field) for field in fields}
