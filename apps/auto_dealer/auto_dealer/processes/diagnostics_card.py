"""The life of a diagnostics request: what its controller calls, in the order of Frappe's events.

The numbers are those of the dealer's own description of the process (R150 to R158).
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.notices import clock
from auto_dealer.permissions.deny_delete import deny, deny_rename
from auto_dealer.processes import diagnostics_steps as steps
from auto_dealer.processes import request_card as card
from auto_dealer.processes.people import DIAGNOSTICS_LEADER, find_people, is_substitute
from auto_dealer.processes.rules import diagnostics as rules
from auto_dealer.robots.fire import fire

DOCTYPE = "Diagnostics Request"
KEPT = (
	*("author", "leader", "title", "running_key", "sent_at", "leader_at", "assigned_at", "confirmed_at"),
	*("result_at", "result_read_at", "closed_at", "deal_note", "currency"),
)
MOMENTS = {
	rules.WAITING: "sent_at",
	rules.CHOOSING: "leader_at",
	rules.CONFIRMING: "assigned_at",
	rules.VISIT: "confirmed_at",
	rules.RESULT: "result_at",
	rules.CLOSED: "closed_at",
	rules.CANCELLED: "closed_at",
}
ENTERED = {
	rules.WAITING: steps.tell_leaders,
	rules.CHOOSING: steps.ask_for_visitor,
	rules.CONFIRMING: steps.give_visit,
	rules.RESULT: steps.give_result,
	rules.CLOSED: steps.close,
	rules.CANCELLED: steps.cancel,
}


def fill_new(request: Document) -> None:
	card.fill_new(request)
	deal = frappe.db.get_value("Auto Deal", request.deal, ["client_name", "phone"], as_dict=True)
	request.client_name = request.client_name or deal.client_name
	request.phone = request.phone or deal.phone


def check(request: Document) -> None:
	"""Every save: what only use cases write, who does the step, what the state needs."""
	before = request.get_doc_before_save()
	if before:
		card.keep(request, before, KEPT)
		check_visitor(request, before)
	request.title = " · ".join(filter(None, (request.vehicle_title, request.client_name))) or request.deal
	if card.moved(request):
		enter(request, before)
	card.refuse_missing(request, rules.missing_fields(request.state, request.as_dict()))


def enter(request: Document, before: Document | None) -> None:
	"""Sets what follows from the new state itself; the messages go out after the save."""
	if request.state == rules.CHOOSING and not request.leader:
		take(request)
	if request.state == rules.RESULT:
		request.checked_at = request.checked_at or clock.now()
	if request.state == rules.CLOSED:
		request.result_read_at = clock.now()
	if moment := MOMENTS.get(request.state):
		request.set(moment, clock.now())
	if request.state in rules.FINAL:
		request.running_key = None


def take(request: Document) -> None:
	"""3. By the form's own action too, the first leader who reacts is responsible."""
	user = frappe.session.user
	if user not in find_people(DIAGNOSTICS_LEADER) and not is_substitute():
		raise card.NotYourStep(_("Only the leaders take diagnostics."))
	request.leader = user


def check_visitor(request: Document, before: Document) -> None:
	"""4. The leader chooses; another person has to confirm anew."""
	if request.visitor == before.visitor:
		return
	if not request.flags.by_use_case:
		card.check_person(before.leader, _("choose the person for the visit"))
	if request.visitor and not may_do_visits(request.visitor):
		frappe.throw(_("{0} has no right to fill in diagnostics.").format(request.visitor))
	if before.state == rules.VISIT and request.state == rules.VISIT:
		request.state = rules.CONFIRMING


def may_do_visits(user: str) -> bool:
	return bool(
		frappe.db.get_value("User", user, "enabled") and frappe.has_permission(DOCTYPE, "write", user=user)
	)


def after_save(request: Document) -> None:
	before = request.get_doc_before_save()
	if card.moved(request):
		if begun := ENTERED.get(request.state):
			begun(request)
	elif request.state in rules.VISITING:
		steps.follow_visit(request, before)
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
