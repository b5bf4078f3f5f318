"""Asks a worker to run what is due, once the event is committed; without Redis the minute job does it."""

from __future__ import annotations

from redis.exceptions import RedisError

import frappe
from frappe.utils.background_jobs import is_job_enqueued

JOB = "auto_dealer.robots.drain.drain"
JOB_ID = "dealer-robots-drain"


def queue_after_commit() -> None:
	"""One job a transaction, however many robots fired in it; nothing is queued when it is rolled back."""
	if queue_drain not in frappe.db.after_commit._functions:
		frappe.db.after_commit.add(queue_drain)


def queue_drain() -> None:
	try:
		if is_job_enqueued(JOB_ID):
			return
		frappe.enqueue(JOB, queue="short", timeout=300, job_id=JOB_ID, deduplicate=True)
	except (RedisError, ConnectionError):
		frappe.logger("auto_dealer").warning("robots wait for the minute job: no Redis")
