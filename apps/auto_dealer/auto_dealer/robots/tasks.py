"""What the scheduler runs for robots."""

from __future__ import annotations

import time

import frappe
from frappe.utils import add_days, now_datetime

from auto_dealer.channels.outbox import send_waiting
from auto_dealer.robots.drain import drain
from auto_dealer.robots.sweep import LOOK_BACK, sweep

SECONDS_A_ROUND = 50
ROWS_A_DELETE = 2000


def every_minute() -> None:
	"""Dates that have come, tasks that are due (also those whose job was lost), messages that wait."""
	sweep()
	frappe.db.commit()  # noqa: TID251
	drain(SECONDS_A_ROUND)
	send_waiting()


def delete_old_runs() -> None:
	"""Every night: runs and finished tasks older than Dealer Settings say (0: kept for ever). What waits stays."""
	days = frappe.get_cached_doc("Dealer Settings").get("robot_run_retention_days") or 0
	if not days:
		return
	# A finished task of the last days is the proof that its moment was seen: see `sweep`.
	before = add_days(now_datetime(), -max(days, LOOK_BACK.days + 1))
	deadline = time.monotonic() + 200
	queries = (
		"delete from `tabRobot Run` where at < %s and outcome != 'Waiting' limit %s",
		"delete from `tabRobot Task` where due_at < %s and status in ('Done', 'Cancelled') limit %s",
	)
	for query in queries:
		while time.monotonic() < deadline:
			frappe.db.sql(query, (before, ROWS_A_DELETE))
			deleted = frappe.db._cursor.rowcount
			frappe.db.commit()  # noqa: TID251
			if deleted < ROWS_A_DELETE:
				break
