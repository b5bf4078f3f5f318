"""Somebody answers a notice: one winner, whoever asks at the same time."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, get_fullname

from auto_dealer.notices import clock
from auto_dealer.notices.bell import ring
from auto_dealer.notices.rules import answers
from auto_dealer.notices.rules.answers import Notice, Outcome, decide
from auto_dealer.notices.send import CHANGED, NOTICE
from auto_dealer.robots import schedule


class AlreadyTaken(frappe.ValidationError):
	"""Somebody else was first; `frappe.response["taken_by"]` is who."""


class CannotAnswer(frappe.ValidationError):
	"""The answer is not asked for, not any more, or lacks something."""


class NotAsked(frappe.PermissionError):
	"""The notice is for others."""


def react(
	notice: str,
	user: str,
	answer: str,
	comment: str | None = None,
	date: datetime | str | None = None,
	by_mail: bool = False,
) -> Document:
	"""Notes the answer and tells the handler of the notice, in one transaction; gives the notice as it is now.

	The document that the notice is about is locked first, then the notice: so does everybody who changes both.
	Call it through `sales.retry.run_locked`. The same answer twice is no error.
	"""
	doc = lock(notice)
	given = read_date(date)
	outcome = decide(as_rule(doc), user, answer, comment or "", bool(given))
	if outcome.problem:
		refuse(doc, outcome)
	if outcome.is_repeat:
		return doc
	had_owner = doc.owner_user
	note(doc, user, answer, comment, given, outcome, by_mail)
	if outcome.owner and not had_owner:
		tell_others(doc, user)
	if outcome.status != answers.OPEN:
		schedule.cancel(f"notice:{doc.name}")
	call_handler(doc, user, answer, comment)
	return doc


def read_date(date: datetime | str | None) -> datetime | None:
	if not date:
		return None
	try:
		return get_datetime(date).replace(tzinfo=None)
	except (ValueError, OverflowError):
		frappe.throw(_("This is no date: {0}").format(frappe.utils.escape_html(str(date)[:40])), CannotAnswer)


def lock(notice: str) -> Document:
	about = frappe.db.get_value(
		NOTICE, notice, ["reference_doctype", "reference_name", "action"], as_dict=True
	)
	if not about:
		raise frappe.DoesNotExistError
	if about.action and about.reference_name:
		frappe.db.get_value(about.reference_doctype, about.reference_name, "name", for_update=True)
	return frappe.get_doc(NOTICE, notice, for_update=True)


def as_rule(doc: Document) -> Notice:
	return Notice(
		kind=doc.kind,
		status=doc.status,
		owner=doc.owner_user or "",
		answers={row.user: row.answer or "" for row in doc.recipients},
		asks_for_date=bool(doc.asks_for_date),
	)


def refuse(doc: Document, outcome: Outcome) -> None:
	if outcome.problem == answers.NOT_ASKED:
		raise NotAsked(_("This notice is for others."))
	if outcome.problem == answers.TAKEN_BY_OTHER:
		frappe.response["taken_by"] = doc.owner_user
		frappe.throw(
			_("{0} was first and is responsible now.").format(
				frappe.utils.escape_html(get_fullname(doc.owner_user))
			),
			AlreadyTaken,
			title=_("Already Taken"),
		)
	frappe.throw(problem_text(outcome.problem, doc), CannotAnswer)


def problem_text(problem: str, doc: Document) -> str:
	return {
		answers.WRONG_ANSWER: _("This notice is not answered so."),
		answers.OVER: _("This notice needs no answer any more."),
		answers.ANSWERED: _("You have answered this notice already."),
		answers.NO_COMMENT: _("Write in the comment what is to be corrected."),
		answers.NO_DATE: _("Give the date: {0}").format(doc.date_label or _("Date")),
	}[problem]


def note(
	doc: Document,
	user: str,
	answer: str,
	comment: str | None,
	date: datetime | None,
	outcome: Outcome,
	by_mail: bool,
) -> None:
	now = clock.now()
	row = next(row for row in doc.recipients if row.user == user)
	row.update(
		{
			"read_at": row.read_at or now,
			"answer": answer,
			"answered_at": now,
			"answered_by_mail": int(by_mail),
			"comment": (comment or "").strip() or row.comment,
		}
	)
	doc.status = outcome.status
	if outcome.owner and not doc.owner_user:
		doc.owner_user, doc.taken_at = outcome.owner, now
	doc.answer_date = date or doc.answer_date
	# Nobody writes notices but by their answer, which was judged above.
	doc.save(ignore_permissions=True)
	for other in doc.recipients:
		frappe.publish_realtime(
			CHANGED, {"notice": doc.name, "status": doc.status}, user=other.user, after_commit=True
		)


def tell_others(doc: Document, winner: str) -> None:
	for row in doc.recipients:
		if row.user != winner:
			text = _("{0} has taken it: {1}").format(get_fullname(winner), doc.subject)
			ring(row.user, text, NOTICE, doc.name, author=winner)


def call_handler(doc: Document, user: str, answer: str, comment: str | None) -> None:
	paths = (frappe.get_hooks("dealer_notice_actions", default={}) or {}).get(doc.action or "")
	if paths:
		frappe.get_attr(paths[-1])(doc, user, answer, comment)


def open_notice(notice: str, user: str) -> Document:
	"""The recipient has opened it: noted; an Info is thereby read, an approval that nobody has is theirs (R162)."""
	doc = lock(notice)
	row = next((row for row in doc.recipients if row.user == user), None)
	if not row:
		return doc
	if doc.kind == answers.INFO:
		return doc if row.answer else react(notice, user, answers.READ)
	if doc.kind == answers.APPROVAL and doc.status == answers.OPEN:
		return react(notice, user, answers.TAKE)
	if not row.read_at:
		row.db_set("read_at", clock.now(), update_modified=False)
	return doc
