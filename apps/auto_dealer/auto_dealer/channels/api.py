"""What outer systems and the desk call about channels."""

from __future__ import annotations

import json

from werkzeug.wrappers import Response

import frappe
from frappe import _

from auto_dealer.channels.intake import take_in
from auto_dealer.channels.queue_event import queue_after_commit
from auto_dealer.channels.rules.payload import PayloadError, read_payload
from auto_dealer.channels.tokens import make_token


@frappe.whitelist(allow_guest=True, methods=["POST"])
def intake() -> Response:
	"""Takes one event of an outer system; see `channels.intake` for the answers.

	A stranger without a channel's token can do nothing here, learns nothing about which channels exist, and costs
	one indexed query. With a token: events are stored, at most so many a minute, and nothing is read back.
	"""
	frappe.local.flags.disable_traceback = True
	answer = take_in(frappe.request)
	body = json.dumps(answer.body, ensure_ascii=False)
	return Response(body, answer.status, headers=answer.headers, content_type="application/json")


@frappe.whitelist(methods=["POST"])
def new_token(channel: str) -> dict[str, str]:
	"""`{token}` of the channel, shown this once; the old one stops working. Needs write on the channel."""
	frappe.has_permission("Ad Channel", "write", doc=channel, throw=True)
	return {"token": make_token(channel)}


@frappe.whitelist(methods=["POST"])
def reprocess(event: str, payload: str | None = None) -> dict[str, str]:
	"""Runs a failed or waiting event again, with `payload` (JSON) instead of what was received when given.

	The received payload stays as it came. Needs write on inbound events.
	"""
	frappe.has_permission("Inbound Event", "write", doc=event, throw=True)
	doc = frappe.get_doc("Inbound Event", event, for_update=True)
	if doc.status == "Processed":
		frappe.throw(_("Event {0} is processed already: lead {1}.").format(event, doc.lead))
	if payload:
		_check_payload(payload)
	doc.db_set(
		{
			"status": "Received",
			"error": None,
			"attempts": 0,
			"corrected_payload": payload or doc.corrected_payload,
		}
	)
	queue_after_commit(doc.name)
	return {"event": doc.name, "status": doc.status}


def _check_payload(payload: str) -> None:
	try:
		read_payload(json.loads(payload))
	except PayloadError as problem:
		frappe.throw(
			_("The corrected payload cannot be processed: {0}.").format(
				frappe.utils.escape_html(str(problem))
			)
		)
	except ValueError:
		frappe.throw(_("The corrected payload is not JSON."))
