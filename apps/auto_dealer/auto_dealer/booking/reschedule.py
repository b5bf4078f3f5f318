"""Moving a booking to another time or to other resources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.booking.booking_card import DOCTYPE
from auto_dealer.booking.errors import BookingClosed
from auto_dealer.booking.rules.status import CLOSED
from auto_dealer.sales.retry import run_locked


def reschedule(
	name: str,
	start: datetime | str,
	resources: Sequence[str] | None = None,
	minutes: int | None = None,
	is_client: bool = False,
) -> Document:
	"""The moved booking. Throws `SlotTaken`, then nothing has changed.

	`resources`: those that must be taken; None keeps the present ones where they are free and replaces the others.
	`minutes`: another length. `is_client`: needs no rights; the caller has checked the link.
	"""
	return run_locked(lambda: _reschedule(name, start, resources, minutes, is_client))


def replace_resource(
	name: str, start: datetime | str, from_resource: str | None = None, to_resource: str | None = None
) -> Document:
	"""As a drag in the calendar: to another time, and from one resource to another. The others stay if they can."""

	def move() -> Document:
		booking = load_open(name)
		booking.start = start
		if to_resource and to_resource != from_resource:
			booking.flags.required_resources = {to_resource}
			booking.resources = [row for row in booking.resources if row.resource != from_resource]
		elif to_resource:
			booking.flags.required_resources = {to_resource}
		return booking.save()

	return run_locked(move)


def _reschedule(name: str, start, resources, minutes, is_client: bool) -> Document:
	booking = load_open(name)
	booking.start = start
	if minutes:
		booking.duration_minutes = minutes
	if resources is not None:
		booking.flags.required_resources = set(resources)
	if is_client:
		# A guest has no rights; the secret of the link was checked by the caller.
		booking.flags.ignore_permissions = True
	return booking.save()


def load_open(name: str) -> Document:
	"""The booking, locked; one that is closed is not moved."""
	booking = frappe.get_doc(DOCTYPE, name, for_update=True)
	if booking.status in CLOSED:
		frappe.throw(_("This booking is closed: {0}.").format(_(booking.status)), BookingClosed)
	return booking
