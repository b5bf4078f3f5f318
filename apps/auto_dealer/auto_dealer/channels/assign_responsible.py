"""Who answers an enquiry that came through a channel."""

from __future__ import annotations

import frappe

from auto_dealer.channels.rules.distribution import next_in_turn
from auto_dealer.clients.client_keys import phone_region
from auto_dealer.clients.rules.phone import normalise_phone


def find_answerer(answered_by: str) -> str | None:
	"""The enabled user behind what a telephone exchange calls the answerer: e-mail, phone or inner number."""
	answered_by = answered_by.strip()
	if not answered_by:
		return None
	if "@" in answered_by:
		return frappe.db.get_value(
			"User", {"name": answered_by.lower(), "enabled": 1, "user_type": "System User"}
		)
	numbers = {answered_by, normalise_phone(answered_by, phone_region()) or answered_by}
	for row in frappe.get_all(
		"User",
		filters={"enabled": 1, "user_type": "System User"},
		or_filters={"mobile_no": ("is", "set"), "phone": ("is", "set")},
		fields=["name", "mobile_no", "phone"],
		order_by="creation",
	):
		known = {row.mobile_no, row.phone}
		known |= {normalise_phone(number, phone_region()) for number in known if number}
		if numbers & (known - {None, ""}):
			return row.name
	return None


def assign_responsible(channel) -> str | None:
	"""The responsible by the channel's distribution: nobody, one person, or the next of a group in turn.

	The turn is counted by an UPDATE of the channel's row, whose lock is held until commit: parallel events get
	different turns. Users who are switched off are passed over.
	"""
	if channel.distribution == "One Person":
		return channel.default_responsible if _is_enabled(channel.default_responsible) else None
	if channel.distribution != "Round Robin":
		return None
	users = [row.user for row in channel.round_robin_users if _is_enabled(row.user)]
	return next_in_turn(users, take_turn(channel.name)) if users else None


def take_turn(channel: str) -> int:
	"""1, 2, 3, …: a number that no other event of the channel gets."""
	frappe.db.sql(
		"update `tabAd Channel` set last_assigned = last_insert_id(ifnull(last_assigned, 0) + 1) where name = %s",
		channel,
	)
	return frappe.db.sql("select last_insert_id()")[0][0]


def _is_enabled(user: str | None) -> bool:
	return bool(user) and bool(frappe.get_cached_value("User", user, "enabled"))
