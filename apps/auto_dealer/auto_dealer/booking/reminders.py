"""Reminders to the client, the day before and two hours before (as set): timers that follow the booking."""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.translate import print_language
from frappe.utils import get_datetime

from auto_dealer.booking.booking_settings import get_settings
from auto_dealer.booking.links import link_for
from auto_dealer.booking.refuse_slot import moment_text
from auto_dealer.booking.rules.status import AHEAD
from auto_dealer.channels.send_to_client import send_to_client
from auto_dealer.robots import clock, schedule
from auto_dealer.robots.render import language_of

ACTION = "auto_dealer.booking.reminders.remind"
DOCTYPE = "Service Booking"
WHICH = ("first", "second")


def follow(booking: Document, before: Document | None) -> None:
	"""After a save: a new or moved booking has its timers planned, one that nobody waits for has them cancelled."""
	is_ahead = booking.status in AHEAD
	was_ahead = bool(before and before.status in AHEAD)
	if is_ahead and not (was_ahead and before.start == get_datetime(booking.start)):
		plan(booking)
	elif was_ahead and not is_ahead:
		cancel(booking.name)


def plan(booking: Document) -> None:
	"""Timers of the moments that are still to come; the same keys again move them. Others are cancelled."""
	start = get_datetime(booking.start)
	for which, hours in zip(WHICH, get_settings().reminder_hours, strict=True):
		due = start - timedelta(hours=hours)
		if hours and due > clock.now():
			schedule.plan(
				_key(booking.name, which), due, ACTION, (DOCTYPE, booking.name), {"start": str(start)}
			)
		elif not booking.flags.in_insert:
			schedule.cancel(_key(booking.name, which), _("The booking was moved."))


def cancel(name: str) -> None:
	for which in WHICH:
		schedule.cancel(_key(name, which), _("The booking is closed or under way."))


def remind(doctype: str, name: str, start: str | None = None) -> str | None:
	"""A timer rings: writes to the client, unless the booking has moved or is no longer ahead."""
	booking = frappe.get_doc(doctype, name)
	if booking.status not in AHEAD or not booking.contact or booking.start <= clock.now():
		return None
	if start and get_datetime(start) != booking.start:
		return None
	# A worker has its own language; the client is written to in the dealer's.
	with print_language(language_of()):
		text = _("You are booked for {0}: {1}. To confirm, move or cancel: {2}").format(
			moment_text(booking.start), booking.services, link_for(booking)
		)
		subject = _("Reminder of your booking")
	return send_to_client(booking.contact, text, subject, reference=(doctype, name))


def _key(name: str, which: str) -> str:
	return f"booking:{name}:{which}"
