"""What /book and /booking/<token> call. Guests come without a session: each function is limited by address."""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit

from auto_dealer.booking.cancel import cancel
from auto_dealer.booking.change_status import confirm
from auto_dealer.booking.reschedule import reschedule
from auto_dealer.portal.answer import not_found
from auto_dealer.portal.book_page import field_text
from auto_dealer.portal.booking_page import read_booking, what_may_be_done
from auto_dealer.portal.guest_language import use_language
from auto_dealer.portal.rules.booking_form import is_moment, read_offerings
from auto_dealer.portal.rules.booking_form import read_booking as read_form
from auto_dealer.portal.rules.estimate_form import read_text
from auto_dealer.portal.shell import get_settings
from auto_dealer.portal.slot_days import get_days, next_times
from auto_dealer.portal.take_booking import (
	Outcome,
	find_vehicle,
	guarded,
	is_offered,
	problem_text,
	take_booking,
)

HOUR = 3600
MOST_SEARCHES, MOST_BOOKINGS, MOST_CHANGES = 240, 20, 60
BOOKING_PAGE = "/booking/{0}?made=1"


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST_SEARCHES, seconds=HOUR)
def get_models(make: str = "") -> dict:
	"""{models} of a make. A stranger learns our list of cars sold in the country, which is no secret."""
	models = frappe.get_all(
		"Vehicle Model", {"make": make[:140], "is_enabled": 1}, ["name", "model_name"], order_by="model_name"
	)
	return {"ok": True, "models": [{"name": row.name, "title": row.model_name} for row in models]}


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST_SEARCHES, seconds=HOUR)
def get_free_times(
	offerings: list | None = None, make: str = "", model: str = "", first_day: str = "", vehicle: str = ""
) -> dict:
	"""{days} on which these services are free, for a car of this make and model, or for that of an invitation's link.

	A stranger learns when the dealer has time for what he offers online, and not who or what is free or taken. Plates
	and VINs are not looked up here.
	"""
	use_language()
	names = read_offerings(offerings)
	if not get_settings().is_booking_open or not names or not all(map(is_offered, names)):
		return _refuse("closed", 422)
	car = find_vehicle(vehicle[:140]) or (
		{"make": make[:140], "model": model[:140] or None} if make else None
	)
	outcome = guarded(lambda: _Days(get_days(names, car, first_day)))
	return {"ok": True, "days": outcome.days} if isinstance(outcome, _Days) else _refuse(outcome.problem, 422)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST_BOOKINGS, seconds=HOUR)
def book_visit(
	offerings: list | None = None,
	start: str = "",
	client_name: str = "",
	phone: str = "",
	email: str = "",
	make: str = "",
	model: str = "",
	other_car: str = "",
	vehicle: str = "",
	plate_or_vin: str = "",
	comment: str = "",
	consent: str | int = "",
	request_key: str = "",
	website: str = "",
) -> dict:
	"""Books: {ok, page}, or {errors} by field, or {error, message, next_slots}. The same `request_key` books once.

	`website` is a trap: people do not see it. A stranger books a free time for himself, twenty times an hour and five
	times a phone number; the page of his booking tells him only what he has typed.
	"""
	use_language()
	if website:
		return {"ok": True, "page": "/book"}
	if not get_settings().is_booking_open:
		return _refuse("closed", 422)
	values = {
		"offerings": offerings,
		"start": start,
		"client_name": client_name,
		"phone": phone,
		"email": email,
		"make": make,
		"model": model,
		"other_car": other_car,
		"vehicle": vehicle,
		"plate_or_vin": plate_or_vin,
		"comment": comment,
		"consent": consent,
		"request_key": request_key,
	}
	outcome = take_booking(read_form(values))
	if outcome.errors:
		frappe.response["http_status_code"] = 422
		return {
			"ok": False,
			"errors": {name: _field_text(name, code) for name, code in outcome.errors.items()},
		}
	return _answer(outcome)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST_SEARCHES, seconds=HOUR)
def get_times_to_move(token: str = "", first_day: str = "") -> dict:
	"""{days} to which the booking of this link may be moved. Without the secret there is nothing here."""
	use_language()
	booking = read_booking(token)
	if not booking:
		return _no_link()
	outcome = guarded(lambda: _Days(_times_of(booking, first_day)))
	return {"ok": True, "days": outcome.days} if isinstance(outcome, _Days) else _refuse(outcome.problem, 422)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST_CHANGES, seconds=HOUR)
def move_visit(token: str = "", start: str = "") -> dict:
	"""Moves the booking of this link to a free time: {ok, page}. Without the secret there is nothing here."""
	use_language()
	booking = read_booking(token)
	if not booking:
		return _no_link()
	if refused := _refuse_change(booking):
		return refused
	start = start if is_moment(start) else ""
	times = [time["start"] for day in _days_from(booking, start) for time in day["times"]]
	if start not in times:
		later = [{"start": time} for time in times if time > start][:3]
		return {**_refuse("taken", 409), "next_slots": next_times(later)}
	return _answer(guarded(lambda: _moved(booking.name, start, token)))


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST_CHANGES, seconds=HOUR)
def cancel_visit(token: str = "", reason: str = "") -> dict:
	"""Cancels the booking of this link: {ok, page}. Without the secret there is nothing here."""
	use_language()
	booking = read_booking(token)
	if not booking:
		return _no_link()
	if refused := _refuse_change(booking):
		return refused
	cancel(booking.name, read_text(reason, 500) or _("Cancelled by the client"), is_client=True)
	return {"ok": True, "page": f"/booking/{token}"}


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST_CHANGES, seconds=HOUR)
def confirm_visit(token: str = "") -> dict:
	"""Confirms what the dealer has written down: {ok, page}. Without the secret there is nothing here."""
	use_language()
	booking = read_booking(token)
	if not booking:
		return _no_link()
	if not what_may_be_done(booking)["confirm"]:
		return _refuse("not_open", 409)
	confirm(booking.name, is_client=True)
	return {"ok": True, "page": f"/booking/{token}"}


@dataclass(frozen=True)
class _Days:
	days: list


def _days_from(booking: frappe._dict, start: str) -> list:
	"""The free times from the asked day on: a client moves to what is offered, whatever he sends."""
	found = guarded(lambda: _Days(_times_of(booking, start[:10])))
	return found.days if isinstance(found, _Days) else []


def _times_of(booking: frappe._dict, first_day: str) -> list:
	car = frappe.db.get_value("Service Booking", booking.name, ["vehicle", "make", "model"], as_dict=True)
	known = car.vehicle or {key: car[key] for key in ("make", "model") if car[key]} or None
	return get_days(booking.offerings, known, first_day, booking.duration_minutes)


def _moved(name: str, start: str, token: str) -> Outcome:
	reschedule(name, start, is_client=True)
	return Outcome(token=token)


def _refuse_change(booking: frappe._dict) -> dict | None:
	may = what_may_be_done(booking)
	if may["change"]:
		return None
	return _refuse("late" if may["late"] else "not_open", 409)


def _answer(outcome: Outcome) -> dict:
	if outcome.problem:
		return {**_refuse(outcome.problem, 409), "next_slots": outcome.next_slots}
	return {"ok": True, "page": BOOKING_PAGE.format(outcome.token)}


def _field_text(field: str, code: str) -> str:
	return field_text(field if field in ("consent", "start", "offerings", "make") else code)


def _refuse(problem: str, status: int) -> dict:
	frappe.response["http_status_code"] = status
	return {"ok": False, "error": problem, "message": problem_text(problem)}


def _no_link() -> dict:
	frappe.response["http_status_code"] = 404
	return {"ok": False, "error": "not_found", "message": not_found().context["text"]}
