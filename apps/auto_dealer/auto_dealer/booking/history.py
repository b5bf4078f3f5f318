"""The history of bookings by service (R213): when, which car, whose. One row for each service of a booking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from auto_dealer.vehicles.rules.plate import fold_plate
from auto_dealer.vehicles.rules.vin import fold_vin

MOST_ROWS = 5000
FIELDS = (
	*("name", "start", "status", "client_name", "phone", "vehicle_title", "make", "model", "vin"),
	*("licence_plate", "source"),
)


def get_rows(filters: Mapping[str, Any]) -> list[dict[str, Any]]:
	"""The newest first, as far as the user may read the bookings; two SQL."""
	wanted = _booking_filters(filters)
	if services := _service_filters(filters):
		names = frappe.get_all("Service Booking Offering", services, pluck="parent", distinct=True)
		wanted.append(["name", "in", names or [""]])
	bookings = frappe.get_list(
		"Service Booking",
		filters=wanted,
		or_filters=_client_filters(filters),
		fields=list(FIELDS),
		order_by="start desc",
		limit=MOST_ROWS,
	)
	services_of = _services([row.name for row in bookings], services)
	return [{**row, **service} for row in bookings for service in services_of.get(row.name, ())]


def _booking_filters(filters: Mapping[str, Any]) -> list[list]:
	wanted = [[field, "=", filters[field]] for field in ("make", "model", "status") if filters.get(field)]
	if filters.get("from_date"):
		wanted.append(["start", ">=", getdate(filters["from_date"])])
	if filters.get("to_date"):
		wanted.append(["start", "<", getdate(filters["to_date"]) + timedelta(days=1)])
	return wanted


def _service_filters(filters: Mapping[str, Any]) -> dict[str, Any]:
	wanted = {field: filters[field] for field in ("offering", "service_group") if filters.get(field)}
	return {"parenttype": "Service Booking", **wanted} if wanted else {}


def _client_filters(filters: Mapping[str, Any]) -> list[list]:
	"""What is typed of the car, or else of the client, in any of the fields where it may stand."""
	if text := (filters.get("vin") or "").strip():
		cars = [["vin", "like", f"%{fold_vin(text)}"], ["licence_plate", "like", f"{text}%"]]
		known = frappe.get_all("Auto Vehicle", {"plate_folded": fold_plate(text)}, pluck="name", limit=20)
		return [*cars, ["vehicle", "in", known]] if known else cars
	if text := (filters.get("client") or "").strip():
		return [["client_name", "like", f"%{text}%"], ["phone", "like", f"%{text}%"]]
	return []


def _services(bookings: list[str], wanted: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
	rows = frappe.get_all(
		"Service Booking Offering",
		{"parenttype": "Service Booking", **wanted, "parent": ("in", bookings or [""])},
		["parent", "offering", "service_group", "minutes"],
		order_by="parent, idx",
	)
	found: dict[str, list[dict[str, Any]]] = {}
	for row in rows:
		found.setdefault(row.pop("parent"), []).append(row)
	return found


def get_columns() -> list[dict[str, Any]]:
	return [
		_column("start", _("Date and Time"), "Datetime", 180),
		_column("offering", _("Booked Service"), "Link", 180, "Service Offering"),
		_column("service_group", _("Group"), "Link", 140, "Service Group"),
		_column("make", _("Make"), "Link", 110, "Vehicle Make"),
		_column("model", _("Model"), "Link", 140, "Vehicle Model"),
		_column("vin", _("VIN"), "Data", 170),
		_column("licence_plate", _("Licence Plate"), "Data", 110),
		_column("client_name", _("Client Name"), "Data", 160),
		_column("phone", _("Phone"), "Data", 130),
		_column("minutes", _("Minutes"), "Int", 80),
		_column("status", _("Status"), "Data", 110),
		_column("name", _("Booking"), "Link", 110, "Service Booking"),
	]


def _column(fieldname: str, label: str, fieldtype: str, width: int, options: str = "") -> dict[str, Any]:
	return {
		"fieldname": fieldname,
		"label": label,
		"fieldtype": fieldtype,
		"width": width,
		"options": options,
	}
