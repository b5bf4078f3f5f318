"""The one clock of timed code; a test sets `frappe.flags.dealer_now` and time stands there."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe.utils import get_datetime, now_datetime


def now() -> datetime:
	"""The site's local time, without a zone."""
	return get_datetime(frappe.flags.dealer_now) if frappe.flags.dealer_now else now_datetime()
