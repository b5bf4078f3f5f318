"""What the scheduler runs for channels."""

from __future__ import annotations

import time

import frappe
from frappe.utils import add_days, add_to_date, now_datetime

from auto_dealer.channels.process_event import run

STUCK_MINUTES = 3
SECONDS_A_ROUND = 200
EVENTS_A_ROUND = 500
ROWS_A_DELETE = 2000


def process_waiting_events() -> None:
	"""Every few minutes: events whose job never ran or died with its worker are processed here, one by one.

	They are not queued again: Redis may still call the dead worker's job running.
	"""
	deadline = time.monotonic() + SECONDS_A_ROUND
	for event in waiting_events():
		if time.monotonic() > deadline:
			return
		run(event)


def waiting_events() -> list[str]:
	"""Events received some minutes ago and still not processed, the oldest first."""
	return frappe.get_all(
		"Inbound Event",
		filters={
			"status": "Received",
			"received_at": ("<", add_to_date(now_datetime(), minutes=-STUCK_MINUTES)),
		},
		order_by="received_at",
		limit=EVENTS_A_ROUND,
		pluck="name",
	)


def delete_old_events() -> None:
	"""Every night: processed raw events older than Dealer Settings say (0: kept for ever). Leads and deals stay."""
	days = frappe.get_cached_doc("Dealer Settings").inbound_event_retention_days or 0
	if not days:
		return
	deadline = time.monotonic() + SECONDS_A_ROUND
	while time.monotonic() < deadline:
		old = frappe.get_all(
			"Inbound Event",
			filters={"status": "Processed", "received_at": ("<", add_days(now_datetime(), -days))},
			limit=ROWS_A_DELETE,
			pluck="name",
		)
		if not old:
			return
		frappe.db.sql("update `tabAuto Lead` set inbound_event = null where inbound_event in %s", (old,))
		frappe.db.delete("Inbound Event", {"name": ("in", old)})
		frappe.db.commit()  # noqa: TID251
