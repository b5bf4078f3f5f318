"""The client's link: confirm, move or cancel one booking without a password."""

from __future__ import annotations

import secrets
from datetime import timedelta

import frappe
from frappe.model.document import Document
from frappe.utils import get_url, now_datetime
from frappe.utils.password import get_encryption_key

from auto_dealer.booking.rules.link_token import KEY_LENGTH, make_token, read_token

DOCTYPE = "Service Booking"
# After the visit the link shows what was, and then nothing.
DAYS_AFTER = 30


def link_for(booking: Document | str) -> str:
	"""The address of the booking's page; the same each time until `revoke`. Permissions are the caller's duty."""
	return get_url(f"/booking/{token_for(booking)}")


def token_for(booking: Document | str) -> str:
	"""The secret in the address."""
	name = booking if isinstance(booking, str) else booking.name
	link_key = frappe.db.get_value(DOCTYPE, name, "link_key")
	if not link_key:
		# Locking: what a parallel click of the same client has made is younger than this transaction's view. A key that
		# is there needs no lock; lists of bookings ask for many.
		link_key = frappe.db.get_value(DOCTYPE, name, "link_key", for_update=True)
	if not link_key:
		link_key = secrets.token_urlsafe(16)[:KEY_LENGTH]
		frappe.db.set_value(DOCTYPE, name, "link_key", link_key, update_modified=False)
	if not isinstance(booking, str):
		booking.link_key = link_key
	return make_token(get_encryption_key(), link_key)


def find_booking(token: str | None) -> str | None:
	"""The booking of the token while its link is open; None for a wrong, revoked or old one alike."""
	link_key = read_token(get_encryption_key(), token)
	if not link_key:
		return None
	found = frappe.db.get_value(DOCTYPE, {"link_key": link_key}, ["name", "end", "start"], as_dict=True)
	if not found or (found.end or found.start) + timedelta(days=DAYS_AFTER) < now_datetime():
		return None
	return found.name


def revoke(name: str) -> None:
	"""All links of the booking show nothing from now on; a new one can be made. Permissions are the caller's duty."""
	frappe.db.set_value(DOCTYPE, name, "link_key", None, update_modified=False)
