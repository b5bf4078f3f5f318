"""From a stored event to a lead, a deal, or a repeat contact of an open deal.

	Received ── process ──> Processed (lead, deal, contact)
	   │  └─ deadlock, no database: stays Received, the scheduler's round tries again
	   └─ cannot be understood: Failed (error) ── reprocess, perhaps with a corrected payload ──> Received

One event is one transaction: a killed worker leaves it Received and nothing else.
"""

from __future__ import annotations

import json

import frappe
from frappe import _
from frappe.utils import now_datetime, strip_html

from auto_dealer.channels.assign_responsible import assign_responsible, find_answerer
from auto_dealer.channels.attach_files import attach_files
from auto_dealer.channels.rules.distribution import enquiry_type_of, starts_at_work
from auto_dealer.channels.rules.payload import (
	CALL_ANSWERED,
	InboundContact,
	PayloadError,
	clean,
	read_payload,
)
from auto_dealer.clients.client_keys import lock_client, phone_region
from auto_dealer.clients.find_active_deal import find_active_deals
from auto_dealer.clients.find_contact import find_or_create_contact, keys_for
from auto_dealer.clients.rules.email import normalise_email
from auto_dealer.clients.rules.phone import normalise_phone
from auto_dealer.robots.fire import fire_event
from auto_dealer.robots.rules.robot import MESSAGE_RECEIVED
from auto_dealer.sales.attach_lead import attach
from auto_dealer.sales.convert_lead import make_deal
from auto_dealer.sales.create_lead_and_deal import default_enquiry_type
from auto_dealer.sales.retry import retry_on_deadlock
from auto_dealer.sales.rules import enquiry
from auto_dealer.sales.take_to_work import is_entry_stage, stage_after_entry

MOST_ATTEMPTS = 5
EVENT_FIELDS = ("name", "channel", "status", "payload", "corrected_payload", "attempts", "received_at")


def run(event_name: str) -> None:
	"""The job: processes one event in a transaction of its own. Safe to call again, also at the same time."""
	# The event was let in by its channel's token; the sender is no user of the site.
	frappe.set_user("Administrator")
	try:
		retry_on_deadlock(lambda: _process_and_commit(event_name))
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError, ConnectionError) as error:
		_note_failure(event_name, str(error), is_transient=True)
	except (PayloadError, frappe.ValidationError) as error:
		_note_failure(event_name, strip_html(str(error)) or type(error).__name__)
	except Exception:
		_note_failure(event_name, frappe.get_traceback())
	finally:
		frappe.clear_messages()


def _process_and_commit(event_name: str) -> None:
	"""Reads first and throws that view of the database away, so that the transaction begins with the client's lock."""
	client = Client(_read_contact(_read_event(event_name)))
	# The time zone is a setting too: nothing may be read between here and the lock.
	now_datetime()
	frappe.db.rollback()
	process(event_name, client)
	frappe.db.commit()  # noqa: TID251


def process(event_name: str, client: Client | None = None) -> dict[str, str | None]:
	"""`{lead, deal, contact}` of the event; does nothing when it was processed already. Does not commit.

	The client's keys are locked first: two events of one client run one after the other, and the second finds the
	first one's deal. `client`: read by a caller who has begun the transaction with this call; without it the deals
	are looked for with a locking read.
	"""
	is_fresh = client is not None
	client = client or Client(_read_contact(_read_event(event_name)))
	lock_client(client.keys)
	event = _read_event(event_name, for_update=True)
	if event.status == "Processed":
		return {}
	contact = client.contact
	channel = frappe.get_cached_doc("Ad Channel", event.channel)
	deals = find_active_deals(client.keys, pipeline=channel.pipeline, locking=False if is_fresh else None)
	result = (
		_join_deal(event, channel, contact, client, deals[0])
		if deals
		else _open(event, channel, contact, client)
	)
	target = ("Auto Deal", result["deal"]) if result["deal"] else ("Auto Lead", result["lead"])
	refused = attach_files(contact.attachments, *target)
	for function in frappe.get_hooks("dealer_event_files"):
		frappe.get_attr(function)(event.name, contact.external_id, *target)
	frappe.db.set_value(
		"Inbound Event",
		event.name,
		{
			**result,
			"status": "Processed",
			"processed_at": now_datetime(),
			"attempts": event.attempts + 1,
			"kind": contact.kind,
			"external_id": contact.external_id,
			"error": "\n".join(refused) or None,
		},
	)
	return result


def _read_event(event_name: str, for_update: bool = False) -> frappe._dict:
	event = frappe.db.get_value(
		"Inbound Event", event_name, EVENT_FIELDS, as_dict=True, for_update=for_update
	)
	if not event:
		frappe.throw(_("There is no inbound event {0}.").format(event_name), frappe.DoesNotExistError)
	return event


def _read_contact(event: frappe._dict) -> InboundContact:
	try:
		payload = json.loads(event.corrected_payload or event.payload or "null")
	except (ValueError, RecursionError) as error:
		raise PayloadError("the payload is not JSON") from error
	return read_payload(payload)


class Client:
	"""Who the event is about, as far as it can be read; what cannot goes into the enquiry's text."""

	def __init__(self, contact: InboundContact):
		self.contact = contact
		self.phone = normalise_phone(contact.phone, phone_region())
		self.email = normalise_email(contact.email)
		self.messenger = contact.messenger or None
		self.keys = keys_for(self.phone, self.email, self.messenger)
		self.name = contact.name
		unread = [
			raw
			for raw, read in ((contact.phone, self.phone), (contact.email, self.email))
			if raw and not read
		]
		self.text = "\n".join(filter(None, [contact.text, *unread]))


def _join_deal(event, channel, contact: InboundContact, client: Client, deal) -> dict[str, str | None]:
	"""The client has an open deal: the lead is attached to it (R9-R11); who answered takes a deal that waits."""
	answerer = find_answerer(contact.answered_by) if contact.kind == CALL_ANSWERED else None
	if answerer and not deal.responsible:
		_hand_over(deal.name, answerer)
		deal.responsible = answerer
	lead = _make_lead(event, channel, contact, client, is_repeat=True)
	lead.contact = deal.contact
	if answerer:
		lead.first_response_at = now_datetime()
	attach(lead, deal)
	fire_event("Auto Deal", deal.name, MESSAGE_RECEIVED)
	return {"lead": lead.name, "deal": deal.name, "contact": deal.contact}


def _hand_over(deal_name: str, answerer: str) -> None:
	deal = frappe.get_doc("Auto Deal", deal_name, for_update=True)
	deal.responsible = answerer
	if is_entry_stage(deal.pipeline, deal.stage):
		deal.stage = stage_after_entry(deal.pipeline) or deal.stage
	# The event speaks, no person: the channel's token was checked at intake.
	deal.flags.ignore_permissions = True
	frappe.db.savepoint("hand_over")
	try:
		deal.save()
	except frappe.ValidationError:
		# The stage asks for more than a call can give: the deal waits where it is, with its responsible.
		frappe.db.rollback(save_point="hand_over")
		frappe.response.pop("stage_gate", None)
		deal = frappe.get_doc("Auto Deal", deal_name)
		deal.responsible = answerer
		# The event speaks, no person: the channel's token was checked at intake.
		deal.flags.ignore_permissions = True
		deal.save()


def _open(event, channel, contact: InboundContact, client: Client) -> dict[str, str | None]:
	"""A new enquiry: contact, lead and, where the channel says so, the deal (R38, R41-R44, R122)."""
	answerer = find_answerer(contact.answered_by) if contact.kind == CALL_ANSWERED else None
	lead = _make_lead(event, channel, contact, client, is_repeat=False)
	if client.keys or client.name:
		lead.contact = find_or_create_contact(client.name, client.phone, client.email, client.messenger)
	lead.responsible = answerer or assign_responsible(channel)
	if answerer:
		lead.status = enquiry.IN_PROGRESS
		lead.first_response_at = now_datetime()
	lead.insert()
	deal = _open_deal(channel, contact, lead) if channel.creates == "Lead and Deal" else None
	return {"lead": lead.name, "deal": deal, "contact": lead.contact}


def _open_deal(channel, contact: InboundContact, lead) -> str:
	values = {"ad_channel": channel.name, "department": channel.department, "responsible": lead.responsible}
	deal = make_deal(frappe._dict(lead.as_dict()), channel.pipeline, values)
	if starts_at_work(contact.kind, lead.responsible):
		deal.flags.initial_stage = stage_after_entry(channel.pipeline)
	# The event speaks, no person: the channel's token was checked at intake.
	deal.flags.ignore_permissions = True
	return deal.insert().name


def _make_lead(event, channel, contact: InboundContact, client: Client, is_repeat: bool):
	lead = frappe.new_doc("Auto Lead")
	lead.update(
		{
			"client_name": client.name,
			"phone": client.phone,
			"email": client.email,
			"messenger": client.messenger,
			"enquiry_type": _enquiry_type(channel, contact.kind, is_repeat),
			"ad_channel": channel.name,
			"department": channel.department,
			"source_text": contact.source,
			"interest_text": client.text,
			"inbound_event": event.name,
		}
	)
	# The event speaks, no person: the channel's token was checked at intake.
	lead.flags.ignore_permissions = True
	# The client's open deals were looked for under the client's lock.
	lead.flags.by_use_case = True
	return lead


def _enquiry_type(channel, kind: str, is_repeat: bool) -> str | None:
	"""The channel's own type for a new client; the shipped one otherwise, or any primary type when it was renamed."""
	if channel.enquiry_type and not is_repeat:
		return channel.enquiry_type
	shipped = enquiry_type_of(kind, is_repeat)
	return (
		shipped
		if frappe.db.exists("Enquiry Type", shipped)
		else channel.enquiry_type or default_enquiry_type()
	)


def _note_failure(event_name: str, error: str, is_transient: bool = False) -> None:
	"""Undoes what the event did and writes why; a transient failure is tried again a few times."""
	frappe.db.rollback()
	attempts = (frappe.db.get_value("Inbound Event", event_name, "attempts") or 0) + 1
	status = "Received" if is_transient and attempts < MOST_ATTEMPTS else "Failed"
	frappe.db.sql(
		"""update `tabInbound Event` set attempts = %s, status = %s, error = %s, modified = %s
		where name = %s and status != 'Processed'""",
		(attempts, status, clean(error)[:20_000], now_datetime(), event_name),
	)
	frappe.db.commit()  # noqa: TID251
