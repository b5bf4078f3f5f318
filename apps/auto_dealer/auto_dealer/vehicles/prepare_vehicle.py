"""What happens to a car's card before it is saved; each function fills or refuses its own fields."""

import frappe
from frappe import _
from frappe.utils import cint, getdate, nowdate

from auto_dealer.vehicles.rules.mileage import Reading, last_reading, unexplained_falls
from auto_dealer.vehicles.rules.model_year import is_plausible_year
from auto_dealer.vehicles.rules.plate import display_plate, fold_plate
from auto_dealer.vehicles.rules.vehicle_title import vehicle_title
from auto_dealer.vehicles.rules.vin import VinCheck, check_vin, fold_vin


class InvalidVin(frappe.ValidationError):
	pass


class VinTaken(frappe.UniqueValidationError):
	pass


class UnexplainedMileage(frappe.ValidationError):
	pass


class ModelOfOtherMake(frappe.ValidationError):
	pass


def prepare_vehicle(doc) -> None:
	set_vin(doc)
	set_plate(doc)
	doc.frame_number = fold_vin(doc.frame_number) or None
	validate_year(doc)
	set_make(doc)
	set_mileage(doc)
	set_owner_history(doc)
	doc.title = vehicle_title(doc.make, doc.model, doc.year, doc.licence_plate, doc.vin, doc.frame_number)
	validate_not_empty(doc)


def vin_error(check: VinCheck) -> str | None:
	"""The refusal in words that say what to mend; None when the VIN may be saved."""
	vin = frappe.utils.escape_html(check.vin)
	if check.error == "forbidden":
		return _(
			"VIN {0}: the letter {1} is never used in a VIN (it looks like {2}). Please check it."
		).format(vin, check.detail, {"I": "1", "O": "0", "Q": "0"}[check.detail])
	if check.error == "character":
		return _("VIN {0}: the character “{1}” cannot stand in a VIN.").format(
			vin, frappe.utils.escape_html(check.detail)
		)
	if check.error == "length":
		return _(
			"VIN {0} has {1} characters; a VIN has 17. A Japanese body number goes into “Frame Number”."
		).format(vin, check.detail)
	return None


def vin_warning(check: VinCheck) -> str | None:
	if check.warning == "check_digit":
		return _(
			"The check digit of the VIN {0} does not fit. True Russian and European VINs may fail it too."
		).format(check.vin)
	return None


def set_vin(doc) -> None:
	check = check_vin(doc.vin)
	doc.vin = check.vin or None
	if error := vin_error(check):
		frappe.throw(error, InvalidVin)
	if not doc.vin or not doc.has_value_changed("vin"):
		return
	if other := car_with_vin(doc.vin, doc.name):
		frappe.throw(
			_("VIN {0} already belongs to the car {1}.").format(
				doc.vin, frappe.utils.get_link_to_form("Auto Vehicle", other.name, other.title)
			),
			VinTaken,
		)
	if warning := vin_warning(check):
		frappe.msgprint(warning, alert=True, indicator="orange")


def car_with_vin(vin: str, except_name: str | None = None) -> dict | None:
	rows = frappe.get_all(
		"Auto Vehicle", {"vin": vin, "name": ("!=", except_name or "")}, ["name", "title"], limit=1
	)
	return rows[0] if rows else None


def set_plate(doc) -> None:
	doc.plate_folded = fold_plate(doc.licence_plate)[:20] or None
	doc.licence_plate = display_plate(doc.licence_plate) or None


def validate_year(doc) -> None:
	if doc.year and not is_plausible_year(cint(doc.year), getdate(nowdate()).year):
		frappe.throw(_("{0} cannot be the year of a car.").format(frappe.bold(doc.year)))


def set_make(doc) -> None:
	"""The model knows its make."""
	if not doc.model:
		return
	make = frappe.get_cached_value("Vehicle Model", doc.model, "make")
	if make and doc.make and doc.make != make:
		frappe.throw(
			_("{0} is a model of {1}, not of {2}.").format(doc.model, make, doc.make), ModelOfOtherMake
		)
	doc.make = make or doc.make


def set_mileage(doc) -> None:
	"""`mileage` is the newest reading of the log; a new card's bare number becomes the first reading."""
	if doc.is_new() and cint(doc.mileage) and not doc.mileage_log:
		doc.append("mileage_log", {"reading_date": nowdate(), "mileage": cint(doc.mileage)})
	readings = [
		Reading(row.idx, getdate(row.reading_date or nowdate()), cint(row.mileage), row.reason or "")
		for row in doc.mileage_log
	]
	for before, fallen in unexplained_falls(readings):
		frappe.throw(
			_(
				"Mileage, row {0}: {1} km is less than {2} km before. Please write the reason of the fall."
			).format(fallen.row, fallen.kilometres, before.kilometres),
			UnexplainedMileage,
		)
	doc.mileage = last_reading(readings)


def set_owner_history(doc) -> None:
	"""A change of owner closes the open row and begins a new one."""
	owner = (doc.owner_contact or None, doc.owner_customer or None)
	current = next((row for row in reversed(doc.owners) if not row.to_date), None)
	if current and (current.contact or None, current.customer or None) == owner:
		return
	if current:
		current.to_date = nowdate()
	if any(owner):
		doc.append("owners", {"contact": owner[0], "customer": owner[1], "from_date": nowdate()})


def validate_not_empty(doc) -> None:
	if not doc.title:
		frappe.throw(_("Please name the car at least by its make, VIN or licence plate."))
