"""Puts an event into the background queue; without Redis the scheduler's round finds it."""

from __future__ import annotations

from redis.exceptions import RedisError

import frappe

JOB = "auto_dealer.channels.process_event.run"
TIMEOUT = 120


def queue_after_commit(event: str) -> None:
	"""Once the event is committed; nothing is queued when it is rolled back."""
	frappe.db.after_commit.add(lambda: queue_event(event))


def queue_event(event: str) -> bool:
	"""Queues the event unless it is queued already. False when there is no Redis: the event is not lost by that."""
	try:
		frappe.enqueue(
			JOB,
			queue="short",
			timeout=TIMEOUT,
			job_id=f"inbound-event-{event}",
			deduplicate=True,
			event_name=event,
		)
	except (RedisError, ConnectionError):
		frappe.logger("auto_dealer").warning(f"inbound event {event} waits for the scheduler: no Redis")
		return False
	return True
