"""Tasks of staff: Frappe's ToDo with a moment, observers and a kind.

Two timers belong to an open task and move with it: a reminder some hours before, a word when the moment is over.
Closing it tells the author and the observers and calls the functions of the hook `dealer_task_closed` of its kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import unescape

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, get_fullname, strip_html

from auto_dealer.notices import clock
from auto_dealer.notices.rules.reminders import reminder_at
from auto_dealer.notices.send import enabled, send
from auto_dealer.robots import schedule

TASK = "ToDo"
REMIND = "auto_dealer.notices.tasks.remind"
SAY_LATE = "auto_dealer.notices.tasks.say_late"
HOURS = 2


def create_task(
	user: str,
	title: str,
	due_at: datetime | None,
	reference: tuple[str, str],
	observers: Iterable[str] = (),
	kind: str | None = None,
	tell: bool = True,
) -> str:
	"""The name of the ToDo; the user is told, unless they made it themselves or `tell` is off (another notice says
	so). Its author is whoever is logged in.
	"""
	task = frappe.get_doc(
		{
			"doctype": TASK,
			"allocated_to": user,
			"assigned_by": frappe.session.user,
			"description": frappe.utils.escape_html(title),
			"date": get_datetime(due_at).date() if due_at else None,
			"dealer_due_at": due_at,
			"dealer_observers": "\n".join(enabled(observers)),
			"dealer_kind": kind,
			"reference_type": reference[0],
			"reference_name": reference[1],
		}
	)
	# A task is given to another user by a use case that was allowed.
	task.insert(ignore_permissions=True)
	if tell and user != frappe.session.user:
		send([user], _("Task: {0}").format(title), due_text(task), (TASK, task.name), due_at=due_at)
	return task.name


def move_task(task: str | None, due_at: datetime) -> None:
	"""Another moment for an open task; its timers move with it."""
	if task and frappe.db.get_value(TASK, task, "status") == "Open":
		doc = frappe.get_doc(TASK, task, for_update=True)
		if doc.dealer_due_at and get_datetime(doc.dealer_due_at) == get_datetime(due_at):
			return
		doc.dealer_due_at, doc.date = due_at, get_datetime(due_at).date()
		# The date is the document's that the task belongs to; who may change that was checked there.
		doc.save(ignore_permissions=True)


def end_task(task: str | None, status: str = "Closed") -> None:
	"""Closes or cancels a task that is still open."""
	if task and frappe.db.get_value(TASK, task, "status") == "Open":
		doc = frappe.get_doc(TASK, task, for_update=True)
		doc.status = status
		# The document that the task belongs to has gone on: the task goes with it.
		doc.save(ignore_permissions=True)


def after_save(task: Document, method: str | None = None) -> None:
	"""Doc event of ToDo; tasks without our fields are left alone."""
	if not (task.get("dealer_due_at") or task.get("dealer_observers") or task.get("dealer_kind")):
		return
	before = task.get_doc_before_save()
	if task.status == "Open":
		set_timers(task, before)
	elif before and before.status == "Open":
		cancel_timers(task.name)
		if task.status == "Closed":
			tell_closed(task)
			call_handlers(task)


def on_trash(task: Document, method: str | None = None) -> None:
	if task.get("dealer_due_at"):
		cancel_timers(task.name)


def set_timers(task: Document, before: Document | None) -> None:
	due = get_datetime(task.dealer_due_at) if task.dealer_due_at else None
	was_open = before and before.status == "Open"
	old = get_datetime(before.dealer_due_at) if was_open and before.get("dealer_due_at") else None
	if due == old:
		return
	now = clock.now()
	hours = frappe.get_cached_doc("Preparation Settings").task_reminder_hours
	moment = reminder_at(due, HOURS if hours is None else hours, now)
	if not moment:
		cancel_timers(task.name)
		return
	reference = (TASK, task.name)
	schedule.plan(f"task:{task.name}", moment, REMIND, reference)
	schedule.plan(f"task-late:{task.name}", due, SAY_LATE, reference)


def cancel_timers(task: str) -> None:
	schedule.cancel(f"task:{task}")
	schedule.cancel(f"task-late:{task}")


def remind(doctype: str, name: str) -> str | None:
	"""Timed action, some hours before: to whom the task is given and to the observers (R169)."""
	return _tell_open(name, _("Deadline soon: {0}"))


def say_late(doctype: str, name: str) -> str | None:
	"""Timed action, at the deadline (R252)."""
	return _tell_open(name, _("Deadline over: {0}"))


def _tell_open(name: str, subject: str) -> str | None:
	task = frappe.get_doc(TASK, name) if frappe.db.exists(TASK, name) else None
	if not task or task.status != "Open":
		return None
	users = enabled([task.allocated_to, *observers_of(task)])
	send(users, subject.format(title_of(task)), due_text(task), (TASK, name))
	return ", ".join(users)


def tell_closed(task: Document) -> None:
	users = [user for user in (task.assigned_by, *observers_of(task)) if user != frappe.session.user]
	users = [user for user in users if user != "Administrator"]
	about = (task.reference_type, task.reference_name) if task.reference_name else (TASK, task.name)
	text = _("{0} has closed the task.").format(get_fullname(frappe.session.user))
	send(users, _("Task done: {0}").format(title_of(task)), text, about)


def call_handlers(task: Document) -> None:
	for path in (frappe.get_hooks("dealer_task_closed", default={}) or {}).get(
		task.get("dealer_kind") or "", ()
	):
		frappe.get_attr(path)(task)


def observers_of(task: Document) -> list[str]:
	return (task.get("dealer_observers") or "").replace(",", " ").split()


def title_of(task: Document) -> str:
	return unescape(strip_html(task.description or ""))[:110]


def due_text(task: Document) -> str:
	return (
		_("Until {0}").format(frappe.utils.format_datetime(task.dealer_due_at)) if task.dealer_due_at else ""
	)
