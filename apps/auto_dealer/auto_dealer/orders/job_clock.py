"""The clock of a job: ends of times, the job's state and worked minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
from frappe.model.document import Document
from frappe.utils import cint, get_datetime, now_datetime

from auto_dealer.orders.move_parts import write
from auto_dealer.orders.rules.device_time import Moment, minutes_between, moment_of

TIME = "Mechanic Time"
DAY = 24


def moment_on_server(times: tuple[float, float], not_before: datetime | None) -> Moment:
	hours = cint(frappe.db.get_single_value("Work Order Settings", "device_hours")) or DAY
	return moment_of(*times, now_datetime(), timedelta(hours=hours), not_before)


def end(time: Document, moment: Moment, key: str | None, ended_by: str) -> None:
	started = get_datetime(time.started_at)
	time.update(
		{
			"ended_at": max(moment.at, started),
			"minutes": minutes_between(started, moment.at),
			"ended_by": ended_by,
			"end_key": key,
			"running_guard": None,
			"is_corrected": time.is_corrected or moment.is_corrected,
		}
	)
	# As above: the mechanic's own time.
	time.save(ignore_permissions=True)


def set_job_state(order: str, row: str, state: str, job: Document | None = None) -> None:
	"""State and worked time of a job. The order's form stays valid: these fields are nobody's to edit."""
	worked = frappe.get_all(
		TIME, {"work_order": order, "labour_row": row, "ended_at": ("is", "set")}, pluck="minutes"
	)
	job = job or frappe.get_doc("Work Order Labour", row)
	if job.state == "Done" and state == "Paused":
		state = "Done"
	write(job, state=state, actual_minutes=round(sum(worked)))


def end_all_of(order: str) -> None:
	"""The order left the garage while somebody's clock was running."""
	for name in frappe.get_all(TIME, {"work_order": order, "ended_at": ("is", "not set")}, pluck="name"):
		time = frappe.get_doc(TIME, name, for_update=True)
		end(time, Moment(now_datetime().replace(microsecond=0)), None, "Stage")
		set_job_state(order, time.labour_row, "Paused")
