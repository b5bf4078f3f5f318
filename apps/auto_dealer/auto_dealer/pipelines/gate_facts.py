"""What the guard finds out about a deal before it decides."""

from __future__ import annotations

import frappe
from frappe.utils import get_datetime, getdate

from auto_dealer.pipelines.rules.stages import MoveFacts, StageRule, is_filled

PHOTO_NAMES = r"\.(jpe?g|png|webp|heic|heif|gif|bmp|tiff?|avif)([?#].*)?$"


def find_facts(deal, stage: StageRule | None, reason: str) -> MoveFacts:
	"""Asks the database only for a photo, and only when the stage wants one."""
	if not stage:
		return MoveFacts()
	return MoveFacts(
		missing_fields=missing_fields(deal, stage),
		has_photo=not stage.asks_for_photo or has_photo(deal),
		lacks_vin=stage.registers_vehicle and lacks_vin(deal),
		condition_met=not stage.entry_condition or is_condition_met(deal, stage.entry_condition),
		reason=reason,
		lost_reason=deal.get("lost_reason") or "",
	)


def missing_fields(deal, stage: StageRule) -> tuple[str, ...]:
	"""The stage's required fields that the deal has not filled; a field that was deleted since is not asked for.

	A stage that registers the car asks for it, whether or not it is listed.
	"""
	required = stage.required_fields
	if stage.registers_vehicle and "vehicle" not in required:
		required = ("vehicle", *required)
	fields = ((name, deal.meta.get_field(name)) for name in required)
	return tuple(name for name, df in fields if df and not is_filled(deal.get(name), df.fieldtype))


def lacks_vin(deal) -> bool:
	"""Whether the deal's car has neither a VIN nor a frame number; without a car that is asked for first."""
	if not deal.get("vehicle"):
		return False
	car = frappe.db.get_value("Auto Vehicle", deal.vehicle, ["vin", "frame_number"])
	return bool(car) and not any(car)


def has_photo(deal) -> bool:
	"""Whether an image is attached to the deal. A deal that is not saved yet has none."""
	if deal.is_new() or not deal.name:
		return False
	return bool(
		frappe.db.sql(
			"""select 1 from `tabFile`
			where attached_to_name = %s and attached_to_doctype = %s and is_folder = 0
			and (file_name regexp %s or file_url regexp %s) limit 1""",
			(deal.name, deal.doctype, PHOTO_NAMES, PHOTO_NAMES),
		)
	)


def is_condition_met(deal, condition: str) -> bool:
	"""Python over `doc`, with what Workflow conditions may use. A condition that fails to run is not met."""
	try:
		return bool(evaluate(condition, condition_values(deal)))
	except Exception:
		return False


def evaluate(condition: str, values: frappe._dict):
	"""The condition's value; raises what it raises."""
	from frappe.model.workflow import get_workflow_safe_globals

	return frappe.safe_eval(condition, get_workflow_safe_globals(), {"doc": values})


def condition_values(deal) -> frappe._dict:
	"""The deal as conditions see it: dates are dates whether they came from a form or from the database."""
	values = deal.as_dict()
	for df in deal.meta.fields:
		if df.fieldtype == "Date" and values.get(df.fieldname):
			values[df.fieldname] = getdate(values[df.fieldname])
		elif df.fieldtype == "Datetime" and values.get(df.fieldname):
			values[df.fieldname] = get_datetime(values[df.fieldname])
		elif df.fieldtype in ("Int", "Float", "Currency", "Percent", "Check"):
			values[df.fieldname] = frappe.utils.flt(values.get(df.fieldname))
	return values
