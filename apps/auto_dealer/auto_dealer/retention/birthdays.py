"""Congratulations on a client's birthday (R255); off until an admin switches them on."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.channels.send_to_client import send_to_client
from auto_dealer.retention.rules.invite import is_birthday
from auto_dealer.retention.rules.texts import fill_places
from auto_dealer.robots.clock import now
from auto_dealer.sales.retry import retry_on_deadlock

BIRTH, CONGRATULATED = "dealer_birth_date", "dealer_congratulated_in"


def congratulate_all() -> list[str]:
	"""Once a year each; gives the messages. Each client is a transaction."""
	settings = frappe.get_cached_doc("Retention Settings")
	if not settings.congratulate or not settings.congratulation:
		return []
	sent = []
	for contact in birthday_children():
		message = retry_on_deadlock(lambda contact=contact: congratulate(contact, settings.congratulation))
		frappe.db.commit()  # noqa: TID251
		sent += [message] if message else []
	return sent


def birthday_children() -> list[frappe._dict]:
	"""Contacts whose birthday is today, who want letters and were not congratulated this year."""
	today = now().date()
	contact = frappe.qb.DocType("Contact")
	rows = (
		frappe.qb.from_(contact)
		.select(contact.name, contact.first_name, contact[BIRTH].as_("birth"))
		.where(contact[BIRTH].isnotnull() & (contact.unsubscribed == 0))
		.where(contact[CONGRATULATED].isnull() | (contact[CONGRATULATED] < today.year))
		.run(as_dict=True)
	)
	return [row for row in rows if is_birthday(row.birth, today)]


def congratulate(contact: frappe._dict, text: str) -> str | None:
	"""None when another worker has done it: the year is set by one of them only."""
	year = now().year
	frappe.db.sql(
		"""update `tabContact` set dealer_congratulated_in = %s
		where name = %s and coalesce(dealer_congratulated_in, 0) < %s""",
		(year, contact.name, year),
	)
	if not frappe.db.sql("select row_count()")[0][0]:
		return None
	filled = fill_places(text, {"client": contact.first_name})
	return send_to_client(contact.name, filled, subject=_("Happy birthday!"))
