"""The life of a detailing request: what its controller calls, in the order of Frappe's events (R159 to R173)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, get_datetime

from auto_dealer.notices import clock
from auto_dealer.permissions.deny_delete import deny, deny_rename
from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.processes import detailing_steps as steps
from auto_dealer.processes import request_card as card
from auto_dealer.processes.people import ADMINISTRATOR, PHOTOGRAPHER, PRICE_LEADER, find_people, is_substitute
from auto_dealer.processes.rules import detailing as rules
from auto_dealer.robots.fire import fire

DOCTYPE = "Detailing Request"
KEPT = (
	*("author", "price_leader", "administrator", "photographer", "title", "running_key", "currency"),
	*("agreed_price", "works_agreed_by", "works_agreed_at", "round", "deal_note", "new_responsible"),
	*("sent_at", "agreed_at", "handed_over_at", "read_at", "done_at", "shoot_at", "passed_at"),
	*("task", "photo_task", "conversation"),
)
MOMENTS = {
	rules.APPROVAL: "sent_at",
	rules.HAND_OVER: "handed_over_at",
	rules.DETAILING: "read_at",
	rules.DONE: "done_at",
	rules.SHOOT: "shoot_at",
	rules.PASSED: "passed_at",
}
# Who takes part: state that is left → duty, field of the person. The first who acts becomes the person.
TAKERS = {
	rules.APPROVAL: (PRICE_LEADER, "price_leader"),
	rules.HAND_OVER: (ADMINISTRATOR, "administrator"),
	rules.DONE: (PHOTOGRAPHER, "photographer"),
}


def fill_new(request: Document) -> None:
	card.fill_new(request)
	pipeline = frappe.db.get_value("Auto Deal", request.deal, "pipeline")
	kind = load(pipeline).deal_kind
	if not request.contract_kind and kind in (rules.BUYOUT, rules.COMMISSION):
		request.contract_kind = kind
	request.round = 0
	request.conversation = []
	if request.contract_kind == rules.BUYOUT and not request.price:
		request.price = frappe.db.get_value("Auto Deal", request.deal, "amount")


def check(request: Document) -> None:
	"""Every save: what only use cases write, who does the step, the fork, the works, what the state needs."""
	before = request.get_doc_before_save()
	if before:
		card.keep(request, before, KEPT)
		check_agreed(request, before)
	check_date(request, before)
	request.title = request.vehicle_title or request.deal
	request.works_cost = sum(flt(row.cost) for row in request.works)
	for row in request.works:
		row.currency = request.currency
	if card.moved(request):
		enter(request, before)
	card.refuse_missing(request, missing_fields(request))


def missing_fields(request: Document) -> list[str]:
	values = {**request.as_dict(), "works": [row for row in request.works if (row.work or "").strip()]}
	return rules.missing_fields(request.state, values)


def check_agreed(request: Document, before: Document) -> None:
	"""What was agreed stays: the works (R173), the kind of contract, the price. The date is the administrator's."""
	is_with_author = before.state in rules.WITH_AUTHOR
	works = [[(row.work, flt(row.cost)) for row in doc.works] for doc in (before, request)]
	if not is_with_author and rules.changed_works(*works):
		frappe.throw(
			_("The list of works is being agreed or is agreed already; only marks and comments change.")
		)
	if not is_with_author and not request.flags.by_use_case:
		card.keep(request, before, ("contract_kind", "price", "vehicle"))
	if is_with_author and not request.flags.by_use_case and is_changed(request, before):
		card.check_person(before.author, _("correct the request"))
	if str(before.due_at or "") != str(request.due_at or "") and before.administrator:
		people = (before.administrator, before.author)
		card.check_person(
			frappe.session.user if frappe.session.user in people else people[0], _("move the final date")
		)


def check_date(request: Document, before: Document | None) -> None:
	"""A final date is given for what is still to come."""
	if request.state != rules.DETAILING or not request.due_at:
		return
	was = before.due_at if before and before.state == rules.DETAILING else None
	if str(was or "") != str(request.due_at) and get_datetime(request.due_at) <= clock.now():
		frappe.throw(_("The final date is over already."))


def is_changed(request: Document, before: Document) -> bool:
	return any(
		str(request.get(field) or "") != str(before.get(field) or "")
		for field in ("contract_kind", "price", "works_cost")
	)


def enter(request: Document, before: Document | None) -> None:
	"""Sets what follows from the new state itself; the messages go out after the save."""
	left = before.state if before else ""
	if left and not rules.is_fork_right(request.contract_kind, left, request.state):
		frappe.throw(
			_("A commission goes straight to detailing; a buyout needs its price agreed first."),
			card.StepNotReady,
		)
	if left in rules.WITH_AUTHOR and request.state != rules.CANCELLED:
		card.check_person(request.author, _("send the request"))
	if left in TAKERS and request.state not in rules.FINAL:
		take(request, *TAKERS[left])
	add_message(request, left)
	if left == rules.APPROVAL and request.state == rules.HAND_OVER:
		request.agreed_price, request.agreed_at = request.price, clock.now()
		agree_works(request)
	if request.state == rules.DETAILING and not request.works_agreed_by:
		agree_works(request)
	if moment := MOMENTS.get(request.state):
		request.set(moment, clock.now())
	if request.state in rules.FINAL:
		request.running_key = None
	if left:
		request.reply = None


def take(request: Document, duty: str, field: str) -> None:
	"""Whoever acts first is responsible; afterwards only they act, or an administrator in their place."""
	if request.flags.by_use_case and request.get(field):
		return
	if request.get(field):
		card.check_person(request.get(field), _("answer this request"))
		return
	user = frappe.session.user
	if user not in find_people(duty) and not is_substitute():
		raise card.NotYourStep(_("This step belongs to: {0}").format(_(duty, context="Preparation Person")))
	request.set(field, user)


def agree_works(request: Document) -> None:
	request.works_agreed_by, request.works_agreed_at = frappe.session.user, clock.now()


def add_message(request: Document, left: str) -> None:
	"""The whole conversation is kept (R164, R165)."""
	what = rules.message_of(left, request.state)
	if not what:
		return
	text = (request.reply or "").strip()
	if what == rules.RETURNED and not text:
		frappe.throw(_("Write in the comment what is to be corrected."), card.StepNotReady)
	if what == rules.SENT:
		request.round = (request.round or 0) + 1
	request.append(
		"conversation",
		{
			"round": request.round,
			"what": what,
			"user": frappe.session.user,
			"at": clock.now(),
			"price": request.price,
			"currency": request.currency,
			"text": text,
		},
	)


def after_save(request: Document) -> None:
	before = request.get_doc_before_save()
	if card.moved(request):
		steps.enter(request)
	elif before and request.state == rules.DETAILING and str(before.due_at) != str(request.due_at):
		steps.follow_date(request)
	frappe.publish_realtime(
		"dealer_process_changed",
		{"deal": request.deal},
		doctype="Auto Deal",
		docname=request.deal,
		after_commit=True,
	)
	fire(request, before)


def before_delete(request: Document) -> None:
	deny(request)


def before_rename(request: Document, old: str, new: str, merge: bool = False) -> None:
	deny_rename(request, "before_rename", old, new, merge)


def set_name(request: Document) -> None:
	card.set_name(request)


def check_workflow(request: Document) -> bool:
	return card.check_workflow(request)


def without_workflow_actions():
	return card.without_workflow_actions(DOCTYPE)
