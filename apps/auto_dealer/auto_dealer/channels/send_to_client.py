"""One way for all domains to write to a client: a row of Client Message, sent by a worker after the commit."""

from __future__ import annotations

import json
from collections.abc import Iterable

import frappe

from auto_dealer.channels.message_senders import find_sender
from auto_dealer.channels.outbox import queue_after_commit
from auto_dealer.robots.quiet_hours import quiet_until

QUEUED, NO_ADDRESS = "Queued", "No Address"
CONTACT_FIELDS = ("name", "email_id", "mobile_no", "phone", "dealer_messenger")


def send_to_client(
	contact: str,
	text: str,
	subject: str | None = None,
	prefer: Iterable[str] = ("whatsapp", "sms", "email"),
	reference: tuple[str, str] | None = None,
	attachments: Iterable[str] = (),
) -> str:
	"""The name of the Client Message. The first way of `prefer` is taken that is set up here and has an address.

	Without any the message is kept as No Address, for people to see. In quiet hours it waits for the morning.
	`attachments`: names of File. Nothing goes over the network here.
	"""
	client = frappe.db.get_value("Contact", contact, CONTACT_FIELDS, as_dict=True) or frappe._dict()
	channel, address = choose(client, prefer)
	message = frappe.get_doc(
		{
			"doctype": "Client Message",
			"contact": contact,
			"channel": channel,
			"address": address,
			"subject": (subject or "")[:240],
			"text": text,
			"status": QUEUED if channel else NO_ADDRESS,
			"send_after": quiet_until(contact),
			"reference_doctype": reference and reference[0],
			"reference_name": reference and reference[1],
			"attachments": json.dumps(list(attachments)),
		}
	)
	# The use case that writes to the client has checked who asks for it; the outbox itself nobody writes into.
	message.insert(ignore_permissions=True)
	if channel:
		queue_after_commit()
	return message.name


def choose(client: frappe._dict, prefer: Iterable[str]) -> tuple[str | None, str | None]:
	for channel in prefer:
		sender = find_sender(channel)
		if sender and sender.is_ready() and (address := sender.address(client)):
			return channel, address
	return None, None
