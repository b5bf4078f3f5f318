"""A mechanic starts, pauses and finishes a job: one running job a person, each event of a device counted once."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from auto_dealer.orders.job_clock import TIME, end, moment_on_server, set_job_state
from auto_dealer.orders.move_parts import write
from auto_dealer.orders.rules.stages import AGREED, IN_WORK, QUALITY
from auto_dealer.orders.rules.totals import APPROVED
from auto_dealer.orders.work_progress import start_order, works_done

DOCTYPE = "Service Work Order"
START, PAUSE, FINISH = "start", "pause", "finish"
SAVEPOINT = "dealer_mechanic_time"


class NotYourJob(frappe.ValidationError):
	"""The job is somebody else's, not approved, or its order is not in work."""


class AlreadyRunning(frappe.ValidationError):
	"""Another device of the same mechanic has just started a job."""


def note_event(kind: str, order: str, row: str, key: str, times: tuple[float, float]) -> str:
	"""`done`, or `duplicate` when this event was noted before. `times`: device's times of the event and of sending."""
	doc = frappe.get_doc(DOCTYPE, order, for_update=True)
	if is_noted(kind, key):
		return "duplicate"
	job = find_job(doc, row)
	if kind == START:
		return start(doc, job, key, times)
	stop(doc, job, key, times, is_done=kind == FINISH)
	return "done"


def is_noted(kind: str, key: str) -> bool:
	return bool(frappe.db.exists(TIME, {"start_key" if kind == START else "end_key": key}))


def find_job(order: Document, row: str) -> Document:
	job = next((job for job in order.labour if job.name == row), None)
	if not job or job.mechanic != frappe.session.user or job.approval != APPROVED:
		frappe.throw(_("This is not a job of yours."), NotYourJob)
	if order.stage not in (AGREED, IN_WORK, QUALITY):
		frappe.throw(
			_("The order {0} is not in work now: {1}.").format(order.name, _(order.stage, context=DOCTYPE)),
			NotYourJob,
		)
	return job


def start(order: Document, job: Document, key: str, times: tuple[float, float]) -> str:
	"""Ends what the mechanic was doing, and begins this."""
	running = running_time(frappe.session.user)
	if running and running.labour_row == job.name:
		return "done"
	moment = moment_on_server(times, last_moment(frappe.session.user))
	if running:
		end(running, moment, key=None, ended_by="Next Job")
		set_job_state(running.work_order, running.labour_row, "Paused")
	time = frappe.get_doc(
		{
			"doctype": TIME,
			"mechanic": frappe.session.user,
			"work_order": order.name,
			"labour_row": job.name,
			"job": job.description,
			"started_at": moment.at,
			"is_corrected": moment.is_corrected,
			"running_guard": frappe.session.user,
			"start_key": key,
		}
	)
	if not insert_once(time):
		return "duplicate"
	write(job, state="In Work")
	start_order(order)
	return "done"


def insert_once(time: Document) -> bool:
	"""False when another device has sent this very event; AlreadyRunning when it has started another job."""
	frappe.db.savepoint(SAVEPOINT)
	try:
		# Mechanics write no documents; they note the time of their own jobs by this function.
		time.insert(ignore_permissions=True)
	except frappe.UniqueValidationError:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		if frappe.db.get_value(TIME, {"start_key": time.start_key}, "name", for_update=True):
			return False
		frappe.throw(_("You have just started another job on another device."), AlreadyRunning)
	return True


def stop(order: Document, job: Document, key: str, times: tuple[float, float], is_done: bool) -> None:
	"""Pauses or finishes; a job that is not running is only marked."""
	running = running_time(frappe.session.user)
	if running and running.labour_row == job.name:
		moment = moment_on_server(times, get_datetime(running.started_at))
		end(running, moment, key, "Finish" if is_done else "Pause")
	set_job_state(order.name, job.name, "Done" if is_done else "Paused", job)
	if is_done:
		works_done(order)


def running_time(mechanic: str) -> Document | None:
	"""Locked: another device of theirs waits. No locking read asks for what is not there."""
	name = frappe.db.get_value(TIME, {"running_guard": mechanic})
	time = frappe.get_doc(TIME, name, for_update=True) if name else None
	return time if time and time.running_guard else None


def last_moment(mechanic: str) -> datetime | None:
	"""The end of what the mechanic has noted, or the start of what is running."""
	rows = frappe.get_all(
		TIME, {"mechanic": mechanic}, ["started_at", "ended_at"], order_by="started_at desc", limit=1
	)
	return get_datetime(rows[0].ended_at or rows[0].started_at) if rows else None
