"""A notice in the bell of each recipient; an e-mail goes with it where the user's settings say so."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.robots.recipients import find_users
from auto_dealer.robots.render import language_of, render
from auto_dealer.robots.texts import texts_of


class NobodyToTell(frappe.ValidationError):
	"""The robot's recipient is nobody."""


def run(robot, doc, params: dict, run) -> list[str]:
	users = find_users(doc, params)
	if not users:
		frappe.throw(_("There is nobody to tell: {0}").format(_(params.get("recipient") or "")), NobodyToTell)
	for user in users:
		notify(user, *texts_for(user, robot, doc), doc)
	return [_("Notice to {0}").format(user) for user in users]


def texts_for(user: str, robot, doc) -> tuple[str, str]:
	"""Subject and text as HTML in the user's language."""
	language = language_of(user)
	subject, text = texts_of(robot.params)
	subject = render(subject or robot.title, doc, is_html=True, language=language)
	text = render(text, doc, is_html=True, language=language)
	return subject, text.replace("\n", "<br>")


def notify(user: str, subject: str, text: str, doc) -> None:
	"""One notice in one bell, leading to the document."""
	notice = frappe.get_doc(
		{
			"doctype": "Notification Log",
			"type": "Alert",
			"for_user": user,
			"from_user": "Administrator",
			"subject": subject,
			"email_content": text or None,
			"document_type": doc.doctype,
			"document_name": doc.name,
		}
	)
	# Nobody has the right to write into another one's bell.
	notice.insert(ignore_permissions=True)
