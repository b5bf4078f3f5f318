"""A notice to one or several members of staff: the bell at once, an e-mail with answering links after the commit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import frappe
from frappe import _

from auto_dealer.notices import clock
from auto_dealer.notices.bell import ring
from auto_dealer.notices.rules.answers import CANCELLED, FIRST_WINS, INFO, OPEN, TAKEN
from auto_dealer.robots import schedule

NOTICE = "Staff Notice"
REMIND = "auto_dealer.notices.repeat.remind"
CHANGED = "dealer_notice"


class NobodyToTell(frappe.ValidationError):
	"""None of the recipients is an enabled user."""


def send(
	users: Iterable[str],
	subject: str,
	text: str = "",
	reference: tuple[str, str] | None = None,
	kind: str = INFO,
	action: str | None = None,
	due_at: datetime | None = None,
	asks_for_date: bool = False,
	date_label: str | None = None,
) -> str:
	"""The name of the notice. `subject` and `text` are plain text in the language of the staff.

	`action`: key of the hook `dealer_notice_actions`, whose function learns of every answer. `asks_for_date`: who says
	yes gives a date with it. Without a single enabled recipient an Info goes nowhere (""), others are refused.
	"""
	people = enabled(users)
	if not people:
		if kind == INFO:
			return ""
		frappe.throw(_("There is nobody to tell: {0}").format(subject), NobodyToTell)
	notice = frappe.get_doc(
		{
			"doctype": NOTICE,
			"kind": kind,
			"status": OPEN,
			"subject": subject[:140],
			"text": text,
			"author": frappe.session.user,
			"reference_doctype": reference[0] if reference else None,
			"reference_name": reference[1] if reference else None,
			"action": action,
			"due_at": due_at,
			"asks_for_date": int(asks_for_date),
			"date_label": date_label,
			"recipients": [{"user": user} for user in people],
		}
	)
	# Nobody has the right to make notices as such: use cases tell people what concerns them.
	notice.insert(ignore_permissions=True)
	deliver(notice, people)
	plan_repetition(notice)
	return notice.name


def deliver(notice, users: Iterable[str]) -> None:
	"""Bell, the dialog of those who are at their desks, and the e-mail after the commit."""
	leads_to = (NOTICE, notice.name)
	if notice.kind == INFO and notice.reference_name:
		leads_to = (notice.reference_doctype, notice.reference_name)
	for user in users:
		ring(user, notice.subject, *leads_to, text=notice.text or "", author=notice.author)
		if notice.kind != INFO:
			frappe.publish_realtime(CHANGED, {"notice": notice.name}, user=user, after_commit=True)
	frappe.enqueue(
		"auto_dealer.notices.mail.send_mails", queue="short", enqueue_after_commit=True, notice=notice.name
	)


def plan_repetition(notice) -> None:
	"""A notice that waits for an answer comes again, as often as the settings say."""
	hours = frappe.get_cached_doc("Preparation Settings").unanswered_hours or 0
	if notice.kind == INFO or hours <= 0:
		return
	seconds = int(hours * 3600)
	due = clock.now() + timedelta(seconds=seconds)
	schedule.plan(f"notice:{notice.name}", due, REMIND, (NOTICE, notice.name), repeat_every=seconds)


def cancel_of(reference: tuple[str, str], actions: Iterable[str] = ()) -> None:
	"""Unanswered notices of a document (with these actions, or all that ask for something) ask no more.

	What one has taken stays taken: the others are still told by whom.
	"""
	filters = {
		"reference_doctype": reference[0],
		"reference_name": reference[1],
		"status": ("in", (OPEN, TAKEN)),
		"kind": ("!=", INFO),
	}
	if wanted := tuple(actions):
		filters["action"] = ("in", wanted)
	for notice in frappe.get_all(NOTICE, filters, ["name", "kind", "status"], order_by="name"):
		if (notice.kind, notice.status) == (FIRST_WINS, TAKEN):
			continue
		frappe.db.set_value(NOTICE, notice.name, "status", CANCELLED)
		schedule.cancel(f"notice:{notice.name}")


def enabled(users: Iterable[str | None]) -> list[str]:
	"""Those who can log in, each once, in the given order."""
	wanted = [user for user in dict.fromkeys(users) if user and user != "Guest"]
	if not wanted:
		return []
	found = set(frappe.get_all("User", {"name": ("in", wanted), "enabled": 1}, pluck="name"))
	return [user for user in wanted if user in found]
