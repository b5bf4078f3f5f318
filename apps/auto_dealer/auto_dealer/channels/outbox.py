"""Sends what waits in Client Message. A row is locked while it is sent; a failed one waits longer each time."""

from __future__ import annotations

from datetime import timedelta

from redis.exceptions import RedisError

import frappe
from frappe.utils import cstr, strip_html
from frappe.utils.background_jobs import is_job_enqueued

from auto_dealer.channels.message_senders import find_sender
from auto_dealer.robots import clock
from auto_dealer.robots.rules.timing import pause_after

JOB = "auto_dealer.channels.outbox.send_waiting"
JOB_ID = "dealer-outbox"
BATCH = 100
DUE = """select name from `tabClient Message` where status = 'Queued'
	and (send_after is null or send_after <= %s) order by creation limit %s"""
LOCK = "select name from `tabClient Message` where name = %s and status = 'Queued' for update skip locked"


def add_indexes() -> None:
	frappe.db.add_index("Client Message", ["status", "send_after"], index_name="dealer_outbox")
	frappe.db.add_index("Client Message", ["reference_name"], index_name="dealer_reference")
	frappe.db.add_index("Client Message", ["contact", "creation"], index_name="dealer_contact")


def queue_after_commit() -> None:
	if queue_send not in frappe.db.after_commit._functions:
		frappe.db.after_commit.add(queue_send)


def queue_send() -> None:
	try:
		if is_job_enqueued(JOB_ID):
			return
		frappe.enqueue(JOB, queue="short", timeout=300, job_id=JOB_ID, deduplicate=True)
	except (RedisError, ConnectionError):
		frappe.logger("auto_dealer").warning("messages to clients wait for the minute job: no Redis")


def send_waiting() -> int:
	"""Sends what is due; returns how many messages went out. The job of a worker, safe to run twice at a time."""
	names = [row[0] for row in frappe.db.sql(DUE, (clock.now(), BATCH))]
	frappe.db.commit()  # noqa: TID251
	return sum(send_one(name) for name in names)


def send_one(name: str) -> bool:
	if not frappe.db.sql(LOCK, name):
		return False
	message = frappe.get_doc("Client Message", name)
	frappe.db.savepoint("dealer_message")
	try:
		sender = find_sender(message.channel)
		external_id = sender.send(message)
		fields = {"status": "Sent", "sent_at": clock.now(), "external_id": external_id, "error": None}
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		frappe.db.rollback()
		return False
	except Exception as error:
		frappe.db.rollback(save_point="dealer_message")
		frappe.clear_messages()
		fields = _failure(message, error)
	fields["attempts"] = (message.attempts or 0) + 1
	frappe.db.set_value("Client Message", name, fields)
	frappe.db.commit()  # noqa: TID251
	return fields["status"] == "Sent"


def _failure(message, error: Exception) -> dict:
	pause = pause_after((message.attempts or 0) + 1)
	text = strip_html(cstr(error))[:500] or type(error).__name__
	if pause:
		return {"status": "Queued", "send_after": clock.now() + timedelta(seconds=pause), "error": text}
	return {"status": "Failed", "error": text}
