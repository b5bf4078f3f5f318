"""Cancelling a booking."""

from __future__ import annotations

from frappe.model.document import Document

from auto_dealer.booking.change_status import change_status
from auto_dealer.booking.rules.status import CANCELLED


def cancel(name: str, reason: str | None = None, is_client: bool = False) -> Document:
	"""The cancelled booking; its time is free for others at once."""
	return change_status(name, CANCELLED, is_client, cancel_reason=reason)
