"""A message to the document's client, put into the outbox."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.channels.send_to_client import send_to_client
from auto_dealer.robots.render import language_of, render
from auto_dealer.robots.texts import texts_of

WAYS = {
	"WhatsApp, SMS, Email": ("whatsapp", "sms", "email"),
	"SMS, Email": ("sms", "email"),
	"Email": ("email",),
	"SMS": ("sms",),
}


class NoClient(frappe.ValidationError):
	"""The document names no contact."""


def run(robot, doc, params: dict, run) -> list[str]:
	if not doc.get("contact"):
		frappe.throw(_("{0} has no contact to write to.").format(doc.name), NoClient)
	language = language_of()
	subject, text = texts_of(params)
	message = send_to_client(
		doc.contact,
		render(text, doc, language=language),
		subject=render(subject, doc, language=language),
		prefer=WAYS.get(params.get("send_by") or "", WAYS["WhatsApp, SMS, Email"]),
		reference=(doc.doctype, doc.name),
	)
	return [f"Client Message {message}"]
