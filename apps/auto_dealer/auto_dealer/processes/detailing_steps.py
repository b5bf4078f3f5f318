"""The steps of the detailing: whom each state tells what, and what their answers do."""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import fmt_money, format_datetime, get_fullname

from auto_dealer.notices import clock
from auto_dealer.notices.rules.answers import APPROVAL, APPROVE, CONFIRM, FIRST_WINS, RETURN
from auto_dealer.notices.send import cancel_of, enabled, send
from auto_dealer.notices.tasks import create_task, end_task, move_task
from auto_dealer.processes import steps
from auto_dealer.processes.deal_course import send_deal
from auto_dealer.processes.pass_to_sales import pass_to_sales
from auto_dealer.processes.people import ADMINISTRATOR, PHOTOGRAPHER, PRICE_LEADER, least_busy, need_people
from auto_dealer.processes.request_card import end_notices
from auto_dealer.processes.rules import detailing as rules

PRICE, ACCEPT, SHOOT = "detailing.approve_price", "detailing.accept", "detailing.start_shoot"
TASK_KIND, PHOTO_KIND = "detailing", "photo"


def enter(request: Document) -> None:
	"""What a state begins with."""
	begun = {
		rules.APPROVAL: ask_price,
		rules.CORRECTION: ask_correction,
		rules.HAND_OVER: hand_over,
		rules.DETAILING: give_task,
		rules.DONE: finish_detailing,
		rules.SHOOT: start_shoot,
		rules.PASSED: pass_on,
		rules.CANCELLED: cancel,
	}.get(request.state)
	if begun:
		begun(request)


# -- the price -------------------------------------------------------------------------------------


def ask_price(request: Document) -> None:
	"""3b. The leaders are asked; the first who opens the notice is responsible, in later rounds only that one."""
	cancel_of(reference(request), [PRICE])
	send(
		price_leaders(request),
		_("Agree the price: {0}").format(request.title),
		"\n".join(price_text(request)),
		reference(request),
		APPROVAL,
		PRICE,
	)


def price_leaders(request: Document) -> list[str]:
	if request.price_leader:
		return [request.price_leader]
	leaders = need_people(PRICE_LEADER)
	# Nobody agrees their own price while there is somebody else.
	return [user for user in leaders if user != request.author] or leaders


def on_price_answer(notice: Document, user: str, answer: str, comment: str | None) -> None:
	"""4., 5. Agreed, or back with a comment; opened first: responsible."""
	request = read(notice)
	if request.state != rules.APPROVAL:
		return
	if answer in (APPROVE, RETURN):
		request.price_leader, request.reply = user, comment
		steps.apply(request, "Agree" if answer == APPROVE else "Return for Correction")
	elif not request.price_leader:
		request.db_set("price_leader", user)


def ask_correction(request: Document) -> None:
	"""5. The author gets the leader's comment."""
	cancel_of(reference(request), [PRICE])
	last = request.conversation[-1] if request.conversation else frappe._dict(text="")
	send(
		[request.author],
		_("To be corrected: {0}").format(request.title),
		f"{get_fullname(request.price_leader)}: {last.text}",
		reference(request),
	)


# -- the detailing ---------------------------------------------------------------------------------


def hand_over(request: Document) -> None:
	"""7. The detailing administrator is told and has to give the final date."""
	cancel_of(reference(request), [PRICE])
	send_deal(request, "detailing_stage", only_from_before=True)
	if request.agreed_at and request.author != frappe.session.user:
		subject = _("The price is agreed, hand the car to detailing: {0}").format(request.title)
		send([request.author], subject, "", reference(request))
	people = need_people(ADMINISTRATOR)
	send(
		people,
		_("Hand Over to Detailing: {0}").format(request.title),
		"\n".join(work_text(request)),
		reference(request),
		CONFIRM if len(people) == 1 else FIRST_WINS,
		ACCEPT,
		asks_for_date=True,
		date_label=_("Final Date"),
	)


def on_accepted(notice: Document, user: str, answer: str, comment: str | None) -> None:
	"""8. "Read", with the date."""
	request = read(notice)
	if request.state == rules.HAND_OVER:
		request.administrator, request.due_at = user, notice.answer_date
		steps.apply(request, "I Have Read It")


def give_task(request: Document) -> None:
	"""8., 9. A task with that deadline for the administrator; the author observes it, both are reminded (10.)."""
	cancel_of(reference(request), [ACCEPT])
	task = create_task(
		request.administrator,
		_("Do the detailing: {0}").format(request.title),
		request.due_at,
		reference(request),
		[request.author],
		TASK_KIND,
	)
	request.db_set("task", task, update_modified=False)


def follow_date(request: Document) -> None:
	"""The date moved: so do the task and its reminder, and the other side is told."""
	move_task(request.task, request.due_at)
	people = [user for user in (request.author, request.administrator) if user != frappe.session.user]
	subject = _("The final date is now {0}: {1}").format(format_datetime(request.due_at), request.title)
	send(people, subject, "", reference(request))


def on_task_closed(task: Document) -> None:
	"""11. The author is told as observer; 12. the deal moves."""
	request = of_task(task)
	if request and request.state == rules.DETAILING:
		steps.apply(request, "Finish Detailing")


def finish_detailing(request: Document) -> None:
	"""12. The deal is at Detailing Done and this process ends. 13. The photographer gets a task."""
	end_task(request.task)
	send_deal(request, "detailing_done_stage")
	photographer = least_busy(
		need_people(PHOTOGRAPHER), "ToDo", {"status": "Open", "dealer_kind": PHOTO_KIND}, "allocated_to"
	)
	hours = frappe.get_cached_doc("Preparation Settings").photo_hours or 24
	due = clock.now() + timedelta(hours=hours)
	task = create_task(
		photographer,
		_("Shoot the car: {0}").format(request.title),
		due,
		reference(request),
		[request.author],
		PHOTO_KIND,
		tell=False,
	)
	request.db_set({"photographer": photographer, "photo_task": task}, update_modified=False)
	send(
		[photographer],
		_("Shoot the car: {0}").format(request.title),
		"\n".join([*car_text(request), _("Attach the photos to the request.")]),
		reference(request),
		CONFIRM,
		SHOOT,
		due_at=due,
	)


def on_shoot_confirmed(notice: Document, user: str, answer: str, comment: str | None) -> None:
	request = read(notice)
	if request.state == rules.DONE:
		steps.apply(request, "Start the Shoot")


def start_shoot(request: Document) -> None:
	cancel_of(reference(request), [SHOOT])
	send_deal(request, "photo_stage")


# -- the end ---------------------------------------------------------------------------------------


def pass_on(request: Document) -> None:
	"""After the photos: the deal is the sellers' (R53)."""
	end_notices(request)
	end_task(request.photo_task)
	responsible = pass_to_sales(request)
	request.db_set({"new_responsible": responsible, "deal_note": None}, update_modified=False)
	subject = _("The car is ready for sale: {0}").format(request.title)
	people = [user for user in (responsible, request.author) if user != frappe.session.user]
	send(people, subject, "", ("Auto Deal", request.deal))


def cancel(request: Document) -> None:
	end_notices(request)
	for task in (request.task, request.photo_task):
		end_task(task, "Cancelled")
	people = [request.author, request.price_leader, request.administrator, request.photographer]
	others = enabled(user for user in people if user != frappe.session.user)
	send(others, _("Detailing is cancelled: {0}").format(request.title), "", reference(request))


# -- texts -----------------------------------------------------------------------------------------


def price_text(request: Document) -> list[str]:
	last = request.conversation[-1].text if request.conversation else ""
	return [
		*car_text(request),
		_("Price: {0}").format(fmt_money(request.price, currency=request.currency)),
		_("Works: {0}").format(fmt_money(request.works_cost, currency=request.currency)),
		*works_text(request),
		*([f"{get_fullname(request.author)}: {last}"] if last else []),
	]


def work_text(request: Document) -> list[str]:
	return [*car_text(request), *works_text(request), *([request.notes] if request.notes else [])]


def car_text(request: Document) -> list[str]:
	return [" ".join(filter(None, (_("Car: {0}").format(request.vehicle_title), request.vin)))]


def works_text(request: Document) -> list[str]:
	return [f"• {row.work}" for row in request.works]


def reference(request: Document) -> tuple[str, str]:
	return (request.doctype, request.name)


def read(notice: Document) -> Document:
	"""Locked already by the answer."""
	return frappe.get_doc(notice.reference_doctype, notice.reference_name, for_update=True)


def of_task(task: Document) -> Document | None:
	if task.reference_type != "Detailing Request" or not task.reference_name:
		return None
	if not frappe.db.exists("Detailing Request", task.reference_name):
		return None
	return frappe.get_doc("Detailing Request", task.reference_name, for_update=True)
