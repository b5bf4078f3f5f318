"""The client's answer to an estimate, line by line, taken once and for exactly what was shown."""

from __future__ import annotations

from collections.abc import Mapping

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.orders.deferred_works import count_won_back, defer, win_back
from auto_dealer.orders.estimate_snapshot import open_line_ids, snapshot_hash, take_snapshot
from auto_dealer.orders.freeze_estimate import freeze
from auto_dealer.orders.order_lines import lines_of
from auto_dealer.orders.rules.approval import CHANGED, INCOMPLETE, NOTHING, find_problem
from auto_dealer.orders.rules.stages import AGREED, ASKING, ESTIMATE
from auto_dealer.orders.rules.totals import APPROVED, DECLINED
from auto_dealer.orders.tell_advisor import tell_answer

DOCTYPE = "Service Work Order"
LINK, STAFF = "Link", "Staff"


class EstimateChanged(frappe.ValidationError):
	"""The estimate is not the one that was shown, or somebody has just answered; look again and answer anew."""


class AnswerNotTaken(frappe.ValidationError):
	"""A line is left without an answer, or the order asks nothing."""


def answer_estimate(
	order: str,
	answers: Mapping[str, bool],
	name: str,
	shown_hash: str,
	ip: str | None = None,
	way: str = LINK,
) -> str:
	"""The name of the frozen approval. The caller answers for the right to answer (a link's secret, a role).

	Two at a time: the order's row is locked, the second finds other lines than it was shown.
	"""
	doc = frappe.get_doc(DOCTYPE, order, for_update=True)
	name = (name or "").strip()
	if not name:
		frappe.throw(_("Write your name."), AnswerNotTaken)
	if doc.stage not in ASKING:
		frappe.throw(_("This order asks for no answer now."), AnswerNotTaken)
	snapshot = take_snapshot(doc)
	answers = {line: bool(answers[line]) for line in answers}
	_refuse(find_problem(open_line_ids(snapshot), answers, shown_hash or "", snapshot_hash(snapshot)))
	who = {"name": name[:140], "ip": ip, "way": way, "staff": frappe.session.user if way == STAFF else None}
	approval = freeze(doc, snapshot, shown_hash, answers, who)
	take_answers(doc, answers)
	if way == LINK:
		tell_answer(doc, approval)
	return approval.name


def take_answers(order: Document, answers: Mapping[str, bool]) -> None:
	"""Approved lines go on, declined ones are put off; an estimate with something approved is agreed."""
	for line in lines_of(order):
		if line.id not in answers:
			continue
		line.row.approval = APPROVED if answers[line.id] else DECLINED
		if answers[line.id]:
			win_back(order, line)
		else:
			defer(order, line)
	count_won_back(order)
	if order.stage == ESTIMATE and any(line.row.approval == APPROVED for line in lines_of(order)):
		order.stage = AGREED
	order.flags.by_use_case = True
	order.flags.approvals_changed = True
	# The client has no account; the right to answer was checked by the caller.
	order.save(ignore_permissions=True)


def _refuse(problem: str) -> None:
	if not problem:
		return
	if problem == CHANGED:
		frappe.throw(
			_("The estimate has changed since it was shown. Please look at it again."), EstimateChanged
		)
	if problem == NOTHING:
		frappe.throw(_("Every line has an answer already."), AnswerNotTaken)
	if problem == INCOMPLETE:
		frappe.throw(_("Please answer about every line."), AnswerNotTaken)
	frappe.throw(_("The answer names a line that is not asked about."), AnswerNotTaken)
