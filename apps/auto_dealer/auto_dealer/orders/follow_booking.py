"""The booking goes on with its order: in work when the works begin, done when the car is handed over."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.booking.change_status import change_status
from auto_dealer.booking.rules.status import DONE, can_move
from auto_dealer.booking.rules.status import IN_WORK as BOOKING_IN_WORK
from auto_dealer.orders.rules.stages import HANDED_OVER, IN_WORK

BOOKING = "Service Booking"
STATUS_OF = {IN_WORK: BOOKING_IN_WORK, HANDED_OVER: DONE}


def follow(order: Document) -> None:
	"""After a move. A booking that somebody has already closed or moved otherwise stays as it is."""
	wanted = STATUS_OF.get(order.stage)
	if not (wanted and order.booking):
		return
	status = frappe.db.get_value(BOOKING, order.booking, "status")
	if status and can_move(status, wanted):
		# With the right to the order: a mechanic who starts a work has none to bookings.
		change_status(order.booking, wanted, is_client=True)
