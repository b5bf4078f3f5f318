"""How often one address may do one thing: for pages, which Frappe's own limit does not know."""

from __future__ import annotations

import time

from redis.exceptions import RedisError

import frappe
from frappe import _


def check_rate(kind: str, limit: int, seconds: int) -> None:
	"""Counts one use by this address; throws 429 when there were too many. Without Redis nothing is counted."""
	address = getattr(frappe.local, "request_ip", None) or "unknown"
	key = frappe.cache.make_key(f"auto_dealer:portal:{kind}:{address}:{int(time.time() // seconds)}")
	try:
		count = frappe.cache.incrby(key, 1)
		if count == 1:
			frappe.cache.expire(key, 2 * seconds)
	except RedisError:
		return
	if count > limit:
		frappe.throw(
			_("Too many requests from your address. Please wait a little and try again."),
			frappe.RateLimitExceededError,
		)
