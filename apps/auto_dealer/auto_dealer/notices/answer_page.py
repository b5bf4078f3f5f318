"""The page behind a link in an e-mail: opening it changes nothing (mail scanners open links), its button answers."""

from __future__ import annotations

from werkzeug.wrappers import Response

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.translate import print_language
from frappe.utils import get_fullname

from auto_dealer.notices.acting import acting_as
from auto_dealer.notices.action_link import find_link, is_open, mark_used
from auto_dealer.notices.labels import button_label, question
from auto_dealer.notices.react import AlreadyTaken, CannotAnswer, as_rule, react
from auto_dealer.notices.rules.answers import RETURN, buttons_for
from auto_dealer.sales.retry import run_locked

NOTICE = "Staff Notice"
TEMPLATE = "templates/notices/answer_page.html"
ACTION = "/api/method/auto_dealer.notices.answer_page.post_answer"
MOST, SECONDS = 60, 60
HEADERS = {
	"Cache-Control": "private, no-store",
	"Referrer-Policy": "no-referrer",
	"X-Robots-Tag": "noindex, nofollow",
	"X-Content-Type-Options": "nosniff",
	"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
}


class LinkOver(frappe.ValidationError):
	"""The link was used or is too old."""


@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=MOST, seconds=SECONDS)
def get_page(token: str = "", answer: str = "") -> Response:
	"""The notice and its buttons. A stranger without the secret learns nothing; nothing is changed by looking."""
	link = find_link(token)
	if not link:
		return _message(_("This link is not valid, or no longer."), 404)
	with print_language(_language_of(link.user)):
		return _page(link, token, answer)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=MOST, seconds=SECONDS)
def post_answer(token: str = "", answer: str = "", comment: str = "", date: str = "") -> Response:
	"""Answers the link's notice as the link's user, once. A stranger without the secret gets the same 404 as ever."""
	link = find_link(token)
	if not link:
		return _message(_("This link is not valid, or no longer."), 404)
	language = _language_of(link.user)
	with print_language(language):
		try:
			run_locked(lambda: _use(token, answer, comment, date))
		except (
			AlreadyTaken,
			CannotAnswer,
			LinkOver,
			frappe.PermissionError,
			frappe.ValidationError,
		) as error:
			frappe.db.rollback()
			frappe.clear_messages()
			text = frappe.utils.strip_html(str(error)) or _(
				"This is not possible now. Please open the system."
			)
			return _page(find_link(token), token, answer, text, comment)
		return _message(_("Thank you: {0}").format(button_label(answer)), 200)


def _use(token: str, answer: str, comment: str, date: str) -> None:
	link = find_link(token, for_update=True)
	if not link or not is_open(link):
		raise LinkOver(_("This link was used already or is too old."))
	with acting_as(link.user):
		react(link.notice, link.user, answer, comment, date or None, by_mail=True)
	mark_used(link)


def _page(link: frappe._dict, token: str, answer: str, problem: str = "", comment: str = "") -> Response:
	notice = frappe.get_doc(NOTICE, link.notice)
	answers = buttons_for(as_rule(notice), link.user) if is_open(link) else ()
	if not answers:
		return _message(problem or _over_text(notice, link), 409 if problem else 200, notice.subject)
	html = frappe.render_template(
		TEMPLATE,
		{
			"notice": notice,
			"question": question(notice.kind),
			"buttons": [(one, button_label(one)) for one in answers],
			"wanted": answer,
			"needs_comment": RETURN in answers,
			"comment": comment,
			"comment_label": _("Comment"),
			"date_label": (notice.date_label or _("Date")) if notice.asks_for_date else "",
			"problem": problem,
			"token": token,
			"action": ACTION,
			"csrf_token": frappe.session.data.get("csrf_token") or "",
			"for_whom": _("Answer of {0}").format(get_fullname(link.user)),
		},
	)
	return _answer(html, 409 if problem else 200)


def _over_text(notice, link: frappe._dict) -> str:
	if notice.owner_user and notice.owner_user != link.user:
		return _("{0} was first and is responsible now.").format(get_fullname(notice.owner_user))
	if link.used_at:
		return _("You have answered this notice already.")
	return _("This link was used already or is too old.")


def _message(text: str, status: int, subject: str = "") -> Response:
	return _answer(frappe.render_template(TEMPLATE, {"message": text, "subject": subject}), status)


def _answer(html: str, status: int) -> Response:
	return Response(html, status=status, content_type="text/html; charset=utf-8", headers=HEADERS)


def _language_of(user: str) -> str:
	return frappe.db.get_value("User", user, "language") or frappe.db.get_default("lang") or "en"
