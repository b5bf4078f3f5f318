"""The one clock of timed code, under the name that notices know it by."""

from __future__ import annotations

from datetime import datetime

from auto_dealer.robots import clock


def now() -> datetime:
	"""The site's local time; a test sets `frappe.flags.dealer_now`."""
	return clock.now()
