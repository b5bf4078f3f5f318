"""An event is written down as it came, before anybody tries to understand it."""

from __future__ import annotations

import frappe
from frappe.utils import now_datetime

from auto_dealer.channels.rules.payload import KINDS, event_key

NAME_LENGTH = 20
COLUMNS = (
	"name",
	"owner",
	"modified_by",
	"creation",
	"modified",
	"received_at",
	"channel",
	"kind",
	"external_id",
	"event_key",
	"status",
	"error",
	"payload",
)


def store_event(
	channel: str, body: bytes, text: str, kind: str = "", external_id: str = "", error: str = ""
) -> tuple[str, bool]:
	"""(name, whether it is new). The same event again, also in parallel, gives the same name and changes nothing.

	The name is made from the channel and the sender's id, so that the loser of two parallel inserts knows it without
	reading what its snapshot may not show. `error`: the event cannot be understood, it is kept as Failed.
	"""
	key = event_key(channel, external_id, body)
	name, now = key[:NAME_LENGTH], now_datetime()
	user = "Administrator"
	values = [name, user, user, now, now, now, channel, kind if kind in KINDS else "", external_id[:190], key]
	values += ["Failed" if error else "Received", error or None, text]
	marks = ", ".join(["%s"] * len(COLUMNS))
	query = f"insert ignore into `tabInbound Event` ({', '.join(COLUMNS)}) values ({marks})"  # noqa: S608
	frappe.db.sql(query, values)
	return name, frappe.db._cursor.rowcount == 1
