"""The appraised car on the appraisal: VIN and plate as everywhere, the car's card, what another VIN had filled in."""

from __future__ import annotations

import json

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate, nowdate

from auto_dealer.appraisal.rules.stages import FINAL
from auto_dealer.appraisal.rules.vin_merge import forget_other_car
from auto_dealer.vehicles.prepare_vehicle import InvalidVin, vin_error, vin_warning
from auto_dealer.vehicles.rules.model_year import is_plausible_year
from auto_dealer.vehicles.rules.plate import display_plate
from auto_dealer.vehicles.rules.vin import check_vin, fold_vin

CAR = "Auto Vehicle"
SERVICE_FIELDS = (
	*("service_price", "service_price_from", "service_price_to", "service_offers", "service_name"),
)
# Fields of an appraisal and of the car's card under the same name.
SHARED = (
	*("vin", "frame_number", "licence_plate", "make", "model", "year", "body", "engine", "fuel"),
	*("transmission", "color"),
)


def check_car(appraisal: Document, before: Document | None) -> None:
	"""Every save. A car that the dealer's register knows by its VIN is named."""
	set_vin(appraisal, before)
	appraisal.frame_number = fold_vin(appraisal.frame_number) or None
	appraisal.licence_plate = display_plate(appraisal.licence_plate) or None
	set_make(appraisal)
	if appraisal.year and not is_plausible_year(cint(appraisal.year), getdate(nowdate()).year):
		frappe.throw(_("{0} cannot be the year of a car.").format(frappe.bold(appraisal.year)))
	if appraisal.vin and (not before or before.vin != appraisal.vin):
		known = frappe.db.get_value(CAR, {"vin": appraisal.vin})
		if known:
			appraisal.vehicle = known


def set_vin(appraisal: Document, before: Document | None) -> None:
	"""Folded and checked; with another VIN goes what services had said about the former one."""
	check = check_vin(appraisal.vin)
	appraisal.vin = check.vin or None
	changed = (before.vin if before else None) != appraisal.vin
	if not changed:
		return
	if error := vin_error(check):
		frappe.throw(error, InvalidVin)
	if before and before.vin:
		forget_services(appraisal)
	if appraisal.vin and (warning := vin_warning(check)):
		frappe.msgprint(warning, alert=True, indicator="orange")


def forget_services(appraisal: Document) -> None:
	for field in forget_other_car(appraisal.as_dict(), filled_fields(appraisal)):
		appraisal.set(field, None)
	appraisal.update(dict.fromkeys(SERVICE_FIELDS))
	appraisal.filled_by_vin = None
	if appraisal.vehicle and frappe.db.get_value(CAR, appraisal.vehicle, "vin") != appraisal.vin:
		appraisal.vehicle = None


def filled_fields(appraisal: Document) -> dict:
	"""Field → value as services have filled it in."""
	return json.loads(appraisal.filled_by_vin or "{}")


def set_make(appraisal: Document) -> None:
	"""The model knows its make."""
	if appraisal.model:
		appraisal.make = frappe.get_cached_value("Vehicle Model", appraisal.model, "make") or appraisal.make


def title_of(appraisal: Document, before: Document | None) -> str:
	"""Client and car as soon as it is known; until then what the deal is called."""
	car = appraisal.model or appraisal.make
	if not car:
		return before.title if before else appraisal.title
	return ", ".join(str(part) for part in (appraisal.client_name, car, appraisal.year) if part)


def is_open(appraisal: Document) -> bool:
	return appraisal.stage not in FINAL
