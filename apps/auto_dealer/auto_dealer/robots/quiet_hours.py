"""Until when a client is left in peace."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import frappe
from frappe.utils import get_system_timezone, get_time

from auto_dealer.robots import clock
from auto_dealer.robots.rules.timing import end_of_quiet


def postponed_to(doc) -> datetime | None:
	"""The end of the quiet hours in the time zone of the document's client, as site time; None outside of them."""
	return quiet_until(doc.get("contact"))


def quiet_until(contact: str | None) -> datetime | None:
	settings = frappe.get_cached_doc("Dealer Settings")
	start, end = settings.get("quiet_from"), settings.get("quiet_to")
	if not start or not end:
		return None
	site = ZoneInfo(get_system_timezone())
	zone = client_zone(contact) or site
	local = clock.now().replace(tzinfo=site).astimezone(zone)
	until = end_of_quiet(local.replace(tzinfo=None), get_time(start), get_time(end))
	if not until:
		return None
	# A second later: the postponed run must not fall on the edge.
	return until.replace(tzinfo=zone).astimezone(site).replace(tzinfo=None) + timedelta(seconds=1)


def client_zone(contact: str | None) -> ZoneInfo | None:
	name = frappe.db.get_value("Contact", contact, "dealer_time_zone") if contact else None
	try:
		return ZoneInfo(name) if name else None
	except (ZoneInfoNotFoundError, ValueError):
		return None
