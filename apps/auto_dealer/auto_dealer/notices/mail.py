"""The e-mail of a notice: text, a button for each answer, the way to the desk. Runs as a job after the commit."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.desk.doctype.notification_settings.notification_settings import is_email_notifications_enabled
from frappe.model.document import Document
from frappe.translate import print_language
from frappe.utils import get_url_to_form

from auto_dealer.notices.action_link import address_of, create_link
from auto_dealer.notices.labels import button_label, question
from auto_dealer.notices.react import as_rule
from auto_dealer.notices.rules.answers import CANCELLED, buttons_for

NOTICE = "Staff Notice"
TEMPLATE = "templates/notices/mail.html"


def send_mails(notice: str) -> int:
	"""How many were queued. Nobody gets one who does not want mails, and none go where no account can send."""
	if not frappe.db.exists(NOTICE, notice) or not has_account():
		return 0
	doc = frappe.get_doc(NOTICE, notice)
	if doc.status == CANCELLED:
		return 0
	users = [row.user for row in doc.recipients if not row.answer]
	return sum(send_one(doc, user) for user in users)


def has_account() -> bool:
	return bool(frappe.db.exists("Email Account", {"enable_outgoing": 1, "default_outgoing": 1}))


def send_one(doc: Document, user: str) -> int:
	person = frappe.db.get_value("User", user, ["email", "language", "enabled"], as_dict=True)
	if not person or not person.enabled or not person.email or not is_email_notifications_enabled(user):
		return 0
	language = person.language or frappe.db.get_default("lang") or "en"
	with print_language(language):
		message = render(doc, user)
	frappe.sendmail(
		recipients=[person.email],
		subject=doc.subject,
		message=message,
		reference_doctype=NOTICE,
		reference_name=doc.name,
	)
	return 1


def render(doc: Document, user: str) -> str:
	answers = buttons_for(as_rule(doc), user)
	token = create_link(doc.name, user) if answers else ""
	return frappe.render_template(
		TEMPLATE,
		{
			"notice": doc,
			"question": question(doc.kind),
			"buttons": [(button_label(answer), address_of(token, answer)) for answer in answers],
			"desk": get_url_to_form(*leads_to(doc)),
			"desk_label": _("Open in the system"),
			"once": _("The buttons work once and only for you.") if answers else "",
		},
	)


def leads_to(doc: Document) -> tuple[str, str]:
	if doc.reference_name:
		return doc.reference_doctype, doc.reference_name
	return NOTICE, doc.name
