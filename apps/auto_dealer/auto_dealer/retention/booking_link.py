"""Where a client books: the portal's page for this car, or the address that the admin has set."""

from __future__ import annotations

from urllib.parse import urlencode

import frappe
from frappe.utils import get_url

PAGE = "/book"


def booking_link(vehicle: str) -> str:
	"""With the car's id in it, which is random and shows nothing."""
	address = frappe.get_cached_doc("Retention Settings").booking_address or get_url(PAGE)
	return f"{address}{'&' if '?' in address else '?'}{urlencode({'vehicle': vehicle})}"
