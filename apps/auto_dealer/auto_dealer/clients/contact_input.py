"""Phones and e-mails that a person typed into a form: read, or refused in words that help."""

import frappe
from frappe import _

from auto_dealer.clients.client_keys import phone_region
from auto_dealer.clients.rules.email import normalise_email
from auto_dealer.clients.rules.phone import normalise_phone


class UnreadablePhone(frappe.ValidationError):
	pass


class UnreadableEmail(frappe.ValidationError):
	pass


def read_phone(text: str | None, label: str) -> str | None:
	"""One phone as E.164, None when empty; throws `UnreadablePhone` naming the field and an example."""
	if not (text or "").strip():
		return None
	phone = normalise_phone(text, phone_region())
	if not phone:
		frappe.throw(
			_("{0}: “{1}” is not a phone number. Example: {2}").format(
				_(label), frappe.utils.escape_html(text.strip()[:60]), "+7 916 123-45-67"
			),
			UnreadablePhone,
		)
	return phone


def read_email(text: str | None, label: str) -> str | None:
	"""One e-mail in lower case, None when empty; throws `UnreadableEmail`."""
	if not (text or "").strip():
		return None
	email = normalise_email(text)
	if not email:
		frappe.throw(
			_("{0}: “{1}” is not an e-mail address. Example: {2}").format(
				_(label), frappe.utils.escape_html(text.strip()[:60]), "ivan@example.com"
			),
			UnreadableEmail,
		)
	return email
