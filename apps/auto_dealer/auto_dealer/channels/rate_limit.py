"""How many events a channel may send in a minute."""

from __future__ import annotations

import time

from redis.exceptions import RedisError

import frappe

WINDOW = 60
KEEP = 2 * WINDOW


def seconds_to_wait(channel: str) -> int:
	"""0 when the channel may send one more event now, else the seconds until it may. Counts the event.

	The limit is in Dealer Settings (0: none). Without Redis there is no limit: an enquiry is worth more than a count.
	"""
	limit = frappe.get_cached_doc("Dealer Settings").intake_limit_per_minute or 0
	if not limit:
		return 0
	now = time.time()
	key = frappe.cache.make_key(f"auto_dealer:intake:{channel}:{int(now // WINDOW)}")
	try:
		count = frappe.cache.incrby(key, 1)
		if count == 1:
			frappe.cache.expire(key, KEEP)
	except RedisError:
		return 0
	return 0 if count <= limit else WINDOW - int(now % WINDOW)
