"""Booking: a new Service Booking, once for each click."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.booking.booking_card import DOCTYPE, PORTAL, first_status
from auto_dealer.booking.booking_settings import get_settings
from auto_dealer.booking.demand import demand_of
from auto_dealer.booking.errors import BadTime, SameRequest
from auto_dealer.booking.slots import get_window, is_open_to_clients
from auto_dealer.sales.retry import run_locked

CLIENT = ("contact", "customer", "client_name", "phone", "email", "client_kind")
CAR = ("vehicle", "vehicle_title", "vin", "licence_plate", "make", "model")
STAFF = ("duration_minutes", "responsible", "deal", "resources", "status")
GIVEN = (*CLIENT, *CAR, "start", "source", "comment", "request_key")


def book(values: Mapping[str, Any], is_client: bool = False) -> str:
	"""The name of the new booking. Throws `SlotTaken` when the time is not free, with the next free times.

	`values`: start, offerings (names or rows), client (contact, or client_name with phone and e-mail), car (vehicle, or
	what is typed of it), comment, source; of staff also duration_minutes, resources (names or rows), deal, responsible,
	status. `request_key`: any text that is the same for a repeated click; the same booking is given back.
	`is_client`: the client books; needs no rights, only what is open to clients, within their horizon.
	"""
	return run_locked(lambda: _book(values, is_client))


def _book(values: Mapping[str, Any], is_client: bool) -> str:
	if (key := values.get("request_key")) and (name := find_by_request(key)):
		return name
	booking = make_booking(values, is_client)
	if is_client:
		check_client_request(booking)
	try:
		return booking.insert().name
	except SameRequest as same:
		return same.booking
	except (frappe.UniqueValidationError, frappe.DuplicateEntryError):
		# The other click was faster where no resource is locked; its row is committed, so a locking read sees it.
		if key and (name := find_by_request(key, is_locking=True)):
			return name
		raise


def make_booking(values: Mapping[str, Any], is_client: bool = False) -> Document:
	"""An unsaved booking of the values that the caller may give."""
	fields = GIVEN if is_client else (*GIVEN, *STAFF)
	booking = frappe.get_doc({"doctype": DOCTYPE})
	booking.update({field: values[field] for field in fields if field != "resources" and values.get(field)})
	for offering in values.get("offerings") or ():
		booking.append("offerings", {"offering": _name(offering, "offering")})
	if "resources" in fields:
		for resource in values.get("resources") or ():
			booking.append("resources", {"resource": _name(resource, "resource")})
	if is_client:
		booking.source, booking.created_with_link = PORTAL, 1
		# A guest has no rights at all: what may be given and booked is checked right here.
		booking.flags.ignore_permissions = True
		booking.flags.by_use_case = True
	if is_client or not values.get("status"):
		booking.status = first_status(booking.source)
	return booking


def check_client_request(booking: Document) -> None:
	"""What is not offered to clients cannot be booked by them either, whatever they send."""
	closed = [row.offering for row in booking.offerings if not is_open_to_clients(row.offering)]
	if closed or not booking.offerings:
		frappe.throw(_("This service cannot be booked online."), frappe.ValidationError)
	start = frappe.utils.get_datetime(booking.start)
	window = get_window(demand_of(booking), None, get_settings().horizon_days, for_client=True)
	if not start or not window or not window[0] <= start < window[1]:
		frappe.throw(_("This time cannot be booked online. Choose another one."), BadTime)


def find_by_request(key: str, is_locking: bool = False) -> str | None:
	"""What came of an earlier click."""
	return frappe.db.get_value(DOCTYPE, {"request_key": key}, for_update=is_locking)


def _name(row: Any, field: str) -> str:
	return row.get(field) if isinstance(row, Mapping) else row
