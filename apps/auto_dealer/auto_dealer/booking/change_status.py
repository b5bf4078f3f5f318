"""The way of a booking through its states."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.booking.booking_card import DOCTYPE
from auto_dealer.booking.rules.status import CONFIRMED
from auto_dealer.sales.retry import run_locked


def change_status(name: str, status: str, is_client: bool = False, **values: str | None) -> Document:
	"""The booking in its new state; the same state again changes nothing. Throws `StatusRefused`.

	Cancelled and No-show free the time; back from there takes it anew and may throw `SlotTaken`.
	"""

	def change() -> Document:
		booking = frappe.get_doc(DOCTYPE, name, for_update=True)
		if booking.status == status:
			return booking
		booking.update({"status": status, **values})
		if is_client:
			# A guest has no rights; the secret of the link was checked by the caller.
			booking.flags.ignore_permissions = True
		return booking.save()

	return run_locked(change)


def confirm(name: str, is_client: bool = False) -> Document:
	return change_status(name, CONFIRMED, is_client)
