"""What the page behind a client's link asks: one booking, shown, confirmed, moved or cancelled without a password.

The secret of the link is the only right. A wrong, a revoked and an expired one get the same 404.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.rate_limiter import rate_limit
from frappe.utils import now_datetime

from auto_dealer.booking.booking_card import DOCTYPE
from auto_dealer.booking.booking_settings import get_settings
from auto_dealer.booking.cancel import cancel
from auto_dealer.booking.change_status import confirm
from auto_dealer.booking.demand import demand_of
from auto_dealer.booking.errors import BadTime, BookingClosed
from auto_dealer.booking.links import find_booking
from auto_dealer.booking.reschedule import reschedule
from auto_dealer.booking.rules.status import AHEAD, REQUESTED
from auto_dealer.booking.slots import get_window, search

VIEWS, CHANGES, SECONDS = 60, 20, 60
LONGEST_REASON = 500
SHOWN_DAYS = 14


@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=VIEWS, seconds=SECONDS)
def get_booking(token: str = "") -> dict[str, Any]:
	"""What the client sees of the booking of this link; nothing of staff, of norms or of other clients."""
	return describe(open_booking(token))


@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=VIEWS, seconds=SECONDS)
def get_times(token: str = "", first_day: str | None = None, days: int = SHOWN_DAYS) -> list[dict[str, str]]:
	"""Times to which the booking of this link could be moved."""
	booking = open_booking(token)
	demand = demand_of(booking, booking.duration_minutes)
	window = get_window(demand, first_day, min(int(days), SHOWN_DAYS), for_client=True)
	found = search(demand, *window) if window else []
	return [{"start": str(slot.start), "end": str(slot.end)} for slot in found]


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=CHANGES, seconds=SECONDS)
def confirm_booking(token: str = "") -> dict[str, Any]:
	"""The client comes."""
	booking = open_booking(token)
	if booking.status != REQUESTED:
		return describe(booking)
	return describe(confirm(booking.name, is_client=True))


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=CHANGES, seconds=SECONDS)
def cancel_booking(token: str = "", reason: str = "") -> dict[str, Any]:
	"""The client does not come; the time is free for others at once."""
	booking = open_booking(token)
	check_may_change(booking)
	return describe(cancel(booking.name, str(reason)[:LONGEST_REASON], is_client=True))


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=CHANGES, seconds=SECONDS)
def move_booking(token: str = "", start: str = "") -> dict[str, Any]:
	"""To another free time; 417 with `next_slots` when somebody was faster."""
	booking = open_booking(token)
	check_may_change(booking)
	moment = frappe.utils.get_datetime(start) if start else None
	demand = demand_of(booking, booking.duration_minutes)
	window = get_window(demand, None, get_settings().horizon_days, for_client=True)
	if not moment or not window or not window[0] <= moment < window[1]:
		frappe.throw(_("This time cannot be booked online. Choose another one."), BadTime)
	return describe(reschedule(booking.name, moment, is_client=True))


def open_booking(token: str) -> Document:
	"""The booking of the secret, or the 404 that every other text gets."""
	name = find_booking(token if isinstance(token, str) else None)
	if not name:
		frappe.local.message_log = []
		frappe.throw(
			_("This link is not valid, or no longer. Please ask the dealer for a new one."),
			frappe.DoesNotExistError,
		)
	return frappe.get_doc(DOCTYPE, name)


def may_change(booking: Document) -> bool:
	"""Until so many hours before the start, while the client is still to come."""
	latest = booking.start - timedelta(hours=get_settings().change_hours)
	return booking.status in AHEAD and now_datetime() <= latest


def check_may_change(booking: Document) -> None:
	if not may_change(booking):
		frappe.throw(_("It is too late to change this online. Please call us."), BookingClosed)


def describe(booking: Document) -> dict[str, Any]:
	"""What a client may know of it."""
	return {
		"number": booking.name,
		"status": booking.status,
		"start": str(booking.start),
		"end": str(booking.end),
		"services": [row.offering for row in booking.offerings],
		"car": booking.vehicle_title,
		"licence_plate": booking.licence_plate,
		"client_name": booking.client_name,
		"price": float(booking.price or 0),
		"currency": booking.currency,
		"may_change": may_change(booking),
		"may_confirm": booking.status == REQUESTED,
	}
