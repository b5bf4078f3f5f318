"""The life of a booking: what its controller calls, in the order of Frappe's events."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.permissions.deny_delete import deny, deny_rename

DOCTYPE = "Service Booking"


def set_name(booking: Document) -> None:
	"""`B-000001`, from a database sequence that locks nobody."""
	booking.name = f"B-{frappe.db.get_next_sequence_val(DOCTYPE):06d}"


def fill_new(booking: Document) -> None:
	booking.title = booking.title or booking.client_name


def check(booking: Document) -> None:
	pass


def record_change(booking: Document) -> None:
	pass


def before_delete(booking: Document) -> None:
	deny(booking)


def before_rename(booking: Document, old: str, new: str, merge: bool = False) -> None:
	deny_rename(booking, "before_rename", old, new, merge)


def refuse_loose_row(row: Document) -> None:
	pass


def add_indexes() -> None:
	"""For the calendar, the lists and the history of a car or a client."""
	frappe.db.add_index(DOCTYPE, ["start", "status"], "dealer_start")
	frappe.db.add_index(DOCTYPE, ["status", "start"], "dealer_status")
	for field in ("contact", "customer", "vehicle", "deal", "vin", "phone"):
		frappe.db.add_index(DOCTYPE, [field], f"dealer_{field}")
	frappe.db.add_index("Service Booking Resource", ["resource", "start"], "dealer_resource")
	frappe.db.add_index("Service Booking Offering", ["offering"], "dealer_offering")
