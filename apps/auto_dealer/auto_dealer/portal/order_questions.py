"""A client's question about his order: kept with the order, told to who answers for it."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html, strip_html

from auto_dealer.notices.send import send
from auto_dealer.portal.moments import moment_text
from auto_dealer.portal.order_view import DEAL, ORDER

COMMUNICATION = "Communication"
MEDIUM = "Chat"
SUBJECT = "Question from the client's page"
RESPONSIBLE = {ORDER: "service_advisor", DEAL: "responsible"}
LONGEST = 2000
# Of one order; more is not a client.
MOST_QUESTIONS = 50


class TooManyQuestions(frappe.ValidationError):
	"""More than an order has room for."""


def ask(doctype: str, name: str, text: str) -> None:
	"""Writes the question down and tells the advisor or the responsible."""
	if len(_find(doctype, name)) >= MOST_QUESTIONS:
		frappe.throw(_("Please call us."), TooManyQuestions)
	who = frappe.db.get_value(doctype, name, ["client_name", RESPONSIBLE[doctype]])
	question = frappe.get_doc(
		{
			"doctype": COMMUNICATION,
			"communication_type": "Communication",
			"communication_medium": MEDIUM,
			"sent_or_received": "Received",
			"subject": SUBJECT,
			"content": escape_html(text).replace("\n", "<br>"),
			"sender_full_name": who[0],
			"reference_doctype": doctype,
			"reference_name": name,
			"status": "Open",
		}
	)
	# The client has no account; the secret of his link was checked.
	question.insert(ignore_permissions=True)
	if who[1]:
		subject = _("{0}: a question from {1}").format(name, who[0] or _("the client"))
		send([who[1]], subject, text, reference=(doctype, name))


def get_questions(doctype: str, name: str) -> list[dict[str, str]]:
	"""[{text, when}] that were asked on the page, the oldest first."""
	return [
		{"text": strip_html((row.content or "").replace("<br>", "\n")), "when": moment_text(row.creation)}
		for row in _find(doctype, name)
	]


def _find(doctype: str, name: str) -> list[frappe._dict]:
	filters = {
		"reference_doctype": doctype,
		"reference_name": name,
		"communication_medium": MEDIUM,
		"subject": SUBJECT,
		"sent_or_received": "Received",
	}
	return frappe.get_all(
		COMMUNICATION, filters, ["content", "creation"], order_by="creation", limit=MOST_QUESTIONS
	)
