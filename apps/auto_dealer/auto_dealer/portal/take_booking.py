"""A client books through the page; what he may say and learn."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import frappe
from frappe import _
from frappe.utils import now_datetime

from auto_dealer.booking.book import book, find_by_request
from auto_dealer.booking.errors import BadTime, PartsMissing, SlotTaken, UnknownDuration
from auto_dealer.booking.links import token_for
from auto_dealer.booking.rules.status import AHEAD
from auto_dealer.booking.slots import is_open_to_clients
from auto_dealer.clients.client_keys import phone_region
from auto_dealer.clients.rules.email import normalise_email
from auto_dealer.clients.rules.phone import normalise_phone
from auto_dealer.portal.offered_services import needs_car
from auto_dealer.portal.rules.booking_form import BookingForm, find_booking_errors, is_vin
from auto_dealer.portal.rules.link_token import is_token
from auto_dealer.portal.slot_days import next_times
from auto_dealer.vehicles.rules.vin import fold_vin

T = TypeVar("T")

DOCTYPE = "Service Booking"
# Bookings ahead that one phone number may have made through the page.
MOST_AHEAD = 5


@dataclass(frozen=True)
class Outcome:
	"""`token` of the booking's page; or `errors` by field; or `problem` (taken, closed, too_many, call)."""

	token: str = ""
	errors: dict[str, str] = field(default_factory=dict)
	problem: str = ""
	next_slots: list[dict[str, str]] = field(default_factory=list)


def take_booking(form: BookingForm) -> Outcome:
	"""Books; nothing is left behind when it is refused."""
	offerings = [name for name in form.offerings if is_offered(name)]
	phone, email = normalise_phone(form.phone, phone_region()), normalise_email(form.email)
	errors = find_booking_errors(form, phone, email, needs_car(offerings) and not find_vehicle(form.vehicle))
	if errors:
		return Outcome(errors=errors)
	if len(offerings) < len(form.offerings):
		return Outcome(problem="closed")
	# A key that somebody could guess would give him the link of another one's booking.
	key = form.request_key if is_token(form.request_key) else secrets.token_urlsafe(32)
	if not find_by_request(key) and count_ahead(phone) >= MOST_AHEAD:
		return Outcome(problem="too_many")
	values = {
		"offerings": offerings,
		"start": form.start,
		"client_name": form.client_name,
		"phone": phone,
		"email": email,
		"comment": form.comment,
		"request_key": key,
		**_car(form),
	}
	return guarded(lambda: Outcome(token=token_for(book(values, is_client=True))))


def guarded(action: Callable[[], T]) -> T | Outcome:
	"""Runs it and says a refusal in words that are fit for strangers: no names of staff, no taken resources."""
	try:
		return action()
	except SlotTaken:
		problem, slots = "taken", next_times(frappe.response.pop("next_slots", None) or ())
	except (BadTime, PartsMissing):
		problem, slots = "taken", []
	except UnknownDuration:
		problem, slots = "call", []
	frappe.db.rollback()
	frappe.clear_messages()
	return Outcome(problem=problem, next_slots=slots)


def is_offered(offering: str) -> bool:
	"""Whether such a service exists and is booked by clients; the answer is the same for both."""
	return bool(frappe.db.exists("Service Offering", offering)) and is_open_to_clients(offering)


def find_vehicle(name: str) -> str | None:
	"""The car that an invitation's link names: its id is random, and nothing of the car is shown."""
	return frappe.db.exists("Auto Vehicle", name) if name else None


def count_ahead(phone: str) -> int:
	return frappe.db.count(
		DOCTYPE,
		{"phone": phone, "source": "Portal", "status": ("in", tuple(AHEAD)), "start": (">", now_datetime())},
	)


def problem_text(problem: str) -> str:
	texts = {
		"taken": _(
			"This time has just been taken. Please choose another one: nothing else needs to be typed again."
		),
		"closed": _("This service cannot be booked online. Please call us."),
		"too_many": _("There are several bookings for this phone number already. Please call us."),
		"call": _("We need to know more about the car to say how long it takes. Please call us."),
		"late": _("It is too late to change this online. Please call us."),
		"not_open": _("This booking can no longer be changed."),
	}
	return texts.get(problem) or _("Something went wrong. Please try again.")


def _car(form: BookingForm) -> dict[str, str | None]:
	"""Make and model of our lists, else what was typed; the number as a VIN or a plate."""
	if vehicle := find_vehicle(form.vehicle):
		return {"vehicle": vehicle}
	car: dict[str, str | None] = {}
	if form.make and frappe.db.exists("Vehicle Make", form.make):
		car["make"] = form.make
		if frappe.db.get_value("Vehicle Model", form.model, "make") == form.make:
			car["model"] = form.model
	else:
		car["vehicle_title"] = form.other_car or form.make or None
	folded = fold_vin(form.plate_or_vin)
	if folded:
		car["vin" if is_vin(folded) else "licence_plate"] = folded if is_vin(folded) else form.plate_or_vin
	return car
