"""Ways to a client's phone and mailbox.

A sender is a class with `is_ready()`, `address(contact)` and `send(message) -> id at the other side`. Another app adds
one by the hook `dealer_message_senders = {"whatsapp": "dotted.path.Class"}`; e-mail and SMS are shipped.
"""

from __future__ import annotations

import json

import frappe
from frappe import _


class SendFailed(frappe.ValidationError):
	"""The message was not taken; it is tried again."""


def find_sender(channel: str):
	paths = (frappe.get_hooks("dealer_message_senders", default={}) or {}).get(channel)
	return frappe.get_attr(paths[-1])() if paths else None


class EmailSender:
	"""Through the site's outgoing e-mail account: a row of Email Queue."""

	def is_ready(self) -> bool:
		return True

	def address(self, contact: frappe._dict) -> str | None:
		return contact.email_id or None

	def send(self, message) -> str | None:
		queued = frappe.sendmail(
			recipients=[message.address],
			subject=message.subject or message.text[:80],
			message=frappe.utils.escape_html(message.text).replace("\n", "<br>"),
			attachments=[{"fid": name} for name in json.loads(message.attachments or "[]")],
			reference_doctype=message.reference_doctype,
			reference_name=message.reference_name,
		)
		return queued.name if queued else None


class SmsSender:
	"""Through the gateway of Frappe's SMS Settings."""

	def is_ready(self) -> bool:
		return bool(frappe.db.get_single_value("SMS Settings", "sms_gateway_url"))

	def address(self, contact: frappe._dict) -> str | None:
		return contact.mobile_no or contact.phone or None

	def send(self, message) -> str | None:
		from frappe.core.doctype.sms_settings.sms_settings import (
			get_headers,
			send_request,
			validate_receiver_nos,
		)

		settings = frappe.get_doc("SMS Settings", "SMS Settings")
		headers = get_headers(settings)
		args = {row.parameter: row.value for row in settings.parameters if not row.header}
		args[settings.message_parameter] = message.text
		args[settings.receiver_parameter] = validate_receiver_nos([message.address])[0]
		use_json = headers.get("Content-Type") == "application/json"
		status = send_request(settings.sms_gateway_url, args, headers, settings.use_post, use_json)
		if not 200 <= status < 300:
			frappe.throw(_("The SMS gateway answered {0}").format(status), SendFailed)
		return None
