"""The steps of the diagnostics: whom each state tells what, and what their answers do."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_datetime, get_datetime, get_fullname

from auto_dealer.notices import clock
from auto_dealer.notices.rules.answers import CONFIRM, FIRST_WINS
from auto_dealer.notices.rules.reminders import reminder_at
from auto_dealer.notices.send import cancel_of, enabled, send
from auto_dealer.processes import steps
from auto_dealer.processes.deal_course import send_deal, send_deal_after_diagnostics
from auto_dealer.processes.people import DIAGNOSTICS_LEADER, need_people
from auto_dealer.processes.request_card import end_notices
from auto_dealer.processes.rules import diagnostics as rules
from auto_dealer.robots import schedule

DOCTYPE = "Diagnostics Request"
TAKE, CONFIRM_VISIT, READ_RESULT = "diagnostics.take", "diagnostics.confirm", "diagnostics.read_result"
REMIND = "auto_dealer.processes.diagnostics_steps.remind"


def tell_leaders(request: Document) -> None:
	"""2. All leaders at once; whoever reacts first is responsible."""
	send_deal(request, "diagnostics_stage", only_from_before=True)
	send(
		need_people(DIAGNOSTICS_LEADER),
		_("Diagnostics: {0}").format(request.title),
		"\n".join(primary_data(request)),
		reference(request),
		FIRST_WINS,
		TAKE,
	)


def on_taken(notice: Document, user: str, answer: str, comment: str | None) -> None:
	"""3. The first to react becomes responsible."""
	request = read(notice)
	if request.state != rules.WAITING:
		return
	request.leader = user
	steps.apply(request, "Take")


def ask_for_visitor(request: Document) -> None:
	"""4. The leader is asked to choose the person for the visit; nobody else is asked any more."""
	cancel_of(reference(request), [TAKE])
	send(
		[request.leader],
		_("Choose who goes to the diagnostics: {0}").format(request.title),
		"\n".join(primary_data(request)),
		reference(request),
	)


def give_visit(request: Document) -> None:
	"""5. The person gets the data and must confirm having read them. 6. A reminder is planned."""
	cancel_of(reference(request), [CONFIRM_VISIT])
	send(
		[request.visitor],
		_("Visit {0}: {1}").format(format_datetime(request.visit_at), request.title),
		"\n".join([*primary_data(request), _("Leader: {0}").format(get_fullname(request.leader))]),
		reference(request),
		CONFIRM,
		CONFIRM_VISIT,
		due_at=request.visit_at,
	)
	plan_reminder(request)


def on_confirmed(notice: Document, user: str, answer: str, comment: str | None) -> None:
	request = read(notice)
	if request.state == rules.CONFIRMING and request.visitor == user:
		steps.apply(request, "Confirm Reading")


def plan_reminder(request: Document) -> None:
	hours = frappe.get_cached_doc("Preparation Settings").visit_reminder_hours
	moment = reminder_at(get_datetime(request.visit_at), 2 if hours is None else hours, clock.now())
	if moment:
		schedule.plan(key_of(request), moment, REMIND, reference(request))
	else:
		schedule.cancel(key_of(request))


def remind(doctype: str, name: str) -> str | None:
	"""6. Timed action, two hours before the visit."""
	request = frappe.get_doc(doctype, name)
	if request.state not in rules.VISITING:
		return None
	subject = _("Soon: visit {0}, {1}").format(format_datetime(request.visit_at), request.title)
	send([request.visitor], subject, "\n".join(primary_data(request)), reference(request))
	return request.visitor


def follow_visit(request: Document, before: Document) -> None:
	"""The date moved, so the reminder moves; another person gets the visit."""
	if request.visitor != before.visitor:
		give_visit(request)
	elif get_datetime(request.visit_at) != get_datetime(before.visit_at):
		plan_reminder(request)
		moved = _("The visit is now at {0}: {1}").format(format_datetime(request.visit_at), request.title)
		people = [user for user in (request.visitor, request.leader) if user != frappe.session.user]
		send(people, moved, "", reference(request))


def give_result(request: Document) -> None:
	"""7., 8. The required fields are filled: the result goes to the leader to read."""
	schedule.cancel(key_of(request))
	cancel_of(reference(request), [CONFIRM_VISIT])
	send(
		[request.leader],
		_("Result of the diagnostics: {0}").format(request.title),
		"\n".join(result(request)),
		reference(request),
		CONFIRM,
		READ_RESULT,
	)


def on_result_read(notice: Document, user: str, answer: str, comment: str | None) -> None:
	request = read(notice)
	if request.state == rules.RESULT:
		steps.apply(request, "Close")


def close(request: Document) -> None:
	"""9. The process ends and the deal goes on along its pipeline."""
	end_notices(request)
	send_deal_after_diagnostics(request)
	people = [user for user in (request.author, request.visitor) if user != frappe.session.user]
	text = "\n".join(result(request))
	send(people, _("Diagnostics are done: {0}").format(request.title), text, reference(request))


def cancel(request: Document) -> None:
	schedule.cancel(key_of(request))
	end_notices(request)
	people = [request.author, request.leader, request.visitor]
	others = enabled(user for user in people if user != frappe.session.user)
	send(others, _("Diagnostics are cancelled: {0}").format(request.title), "", reference(request))


# -- texts -----------------------------------------------------------------------------------------


def primary_data(request: Document) -> list[str]:
	return lines(
		(_("Car"), " ".join(filter(None, (request.vehicle_title, request.vin)))),
		(_("Client"), " ".join(filter(None, (request.client_name, request.phone)))),
		(_("Address of the Visit"), request.address),
		(_("Visit At"), format_datetime(request.visit_at) if request.visit_at else ""),
		(_("Notes"), request.notes),
	)


def result(request: Document) -> list[str]:
	money = frappe.utils.fmt_money
	return lines(
		(_("Conclusion"), _(request.conclusion or "", context=DOCTYPE)),
		(_("Condition"), _(request.condition or "", context=DOCTYPE)),
		(_("Mileage, km"), request.actual_mileage),
		(_("Body and Paint"), request.body_result),
		(_("Engine, Gearbox, Suspension"), request.technical_result),
		(
			_("Repair Cost"),
			money(request.repair_cost, currency=request.currency) if request.repair_cost else "",
		),
		(
			_("Recommended Price"),
			money(request.recommended_price, currency=request.currency) if request.recommended_price else "",
		),
	)


def lines(*pairs: tuple) -> list[str]:
	return [f"{label}: {value}" for label, value in pairs if value]


def reference(request: Document) -> tuple[str, str]:
	return (request.doctype, request.name)


def key_of(request: Document) -> str:
	return f"diagnostics-visit:{request.name}"


def read(notice: Document) -> Document:
	"""Locked already by the answer."""
	return frappe.get_doc(notice.reference_doctype, notice.reference_name, for_update=True)
