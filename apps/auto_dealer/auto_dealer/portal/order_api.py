"""What /my/<token> calls. Guests come without a session: each function is limited by address and asks for the secret."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit

from auto_dealer.orders import client_view
from auto_dealer.orders.answer_estimate import AnswerNotTaken, EstimateChanged
from auto_dealer.portal.answer import not_found
from auto_dealer.portal.guest_language import use_language
from auto_dealer.portal.order_questions import LONGEST, TooManyQuestions, ask
from auto_dealer.portal.order_view import ORDER, find_order, get_version
from auto_dealer.portal.rules.estimate_form import read_text
from auto_dealer.portal.rules.order_steps import read_answers

HOUR = 3600
MOST_LOOKS, MOST_ANSWERS, MOST_QUESTIONS = 400, 30, 20


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST_LOOKS, seconds=HOUR)
def get_order_version(token: str = "") -> dict:
	"""{version} of what the link shows, so that an open page knows when it is old. Without the secret: 404."""
	use_language()
	link = find_order(token)
	if not link:
		return _no_link()
	return {"ok": True, "version": get_version(link.reference_doctype, link.reference_name)}


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST_ANSWERS, seconds=HOUR)
def answer_estimate(
	token: str = "", answers: dict | None = None, client_name: str = "", snapshot_hash: str = ""
) -> dict:
	"""Approves or declines each asked line of the link's order: {ok}. Without the secret: 404.

	Taken only for exactly the estimate that was shown (`snapshot_hash`); who answered, when and from where is kept.
	"""
	use_language()
	link = find_order(token)
	if not link or link.reference_doctype != ORDER:
		return _no_link()
	said, name = read_answers(answers), read_text(client_name, 140)
	if not said:
		return _refuse("answers", _("Please answer about every line."), 422)
	if not name:
		return _refuse("client_name", _("Write your name."), 422)
	try:
		client_view.answer(link.reference_name, said, name, frappe.local.request_ip, str(snapshot_hash)[:200])
	except EstimateChanged:
		return _undo(
			"changed", _("The estimate has changed since it was shown. Please look at it again."), 409
		)
	except AnswerNotTaken as refused:
		return _undo("answers", str(refused), 422)
	return {"ok": True}


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST_QUESTIONS, seconds=HOUR)
def ask_question(token: str = "", text: str = "", website: str = "") -> dict:
	"""Leaves a question to the link's order: {ok}. Without the secret: 404. `website` is a trap for machines."""
	use_language()
	link = find_order(token)
	if not link:
		return _no_link()
	if website:
		return {"ok": True}
	question = read_text(text, LONGEST)
	if not question:
		return _refuse("text", _("Write your question."), 422)
	try:
		ask(link.reference_doctype, link.reference_name, question)
	except TooManyQuestions as refused:
		return _undo("too_many", str(refused), 409)
	return {"ok": True}


def _undo(error: str, text: str, status: int) -> dict:
	"""A refusal by an exception: nothing of the attempt stays."""
	frappe.db.rollback()
	frappe.clear_messages()
	return _refuse(error, text, status)


def _refuse(error: str, text: str, status: int) -> dict:
	frappe.response["http_status_code"] = status
	return {"ok": False, "error": error, "message": text}


def _no_link() -> dict:
	return _refuse("not_found", not_found().context["text"], 404)
