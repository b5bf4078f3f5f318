"""What the dealer has set for bookings."""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe.utils import cint


@dataclass(frozen=True)
class BookingSettings:
	"""Minutes, hours and days as in the form of Booking Settings."""

	slot_step_minutes: int
	horizon_days: int
	lead_minutes: int
	change_hours: int
	is_confirmed_at_once: bool
	is_parts_aware: bool
	supply_days: int
	reminder_hours: tuple[int, int]


def get_settings() -> BookingSettings:
	"""No SQL once it is cached. A site whose form was never saved has the defaults of the form."""
	doc = frappe.get_cached_doc("Booking Settings")
	values = {}
	for field in doc.meta.get("fields", {"fieldtype": ("in", ["Int", "Check", "Select"])}):
		value = doc.get(field.fieldname)
		values[field.fieldname] = cint(field.default if value in (None, "") else value)
	return BookingSettings(
		slot_step_minutes=values["slot_step_minutes"] or 30,
		horizon_days=values["horizon_days"] or 60,
		lead_minutes=values["lead_minutes"],
		change_hours=values["change_hours"],
		is_confirmed_at_once=bool(values["is_confirmed_at_once"]),
		is_parts_aware=bool(values["is_parts_aware"]),
		supply_days=values["supply_days"],
		reminder_hours=(values["first_reminder_hours"], values["second_reminder_hours"]),
	)
