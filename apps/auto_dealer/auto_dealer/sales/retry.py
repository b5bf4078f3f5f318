"""A use case that takes locks, run so that it sees what it waited for and survives a deadlock."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import frappe

# Nine requests for one hour of one workshop met four deadlocks in a row once.
ATTEMPTS = 8
LONGEST_WAIT = 0.8
T = TypeVar("T")


def run_locked(use_case: Callable[[], T]) -> T:
	"""The result of `use_case`, called at the start of a fresh transaction of an HTTP request.

	The database shows a request the state at its first plain read (session, rights), which is older than a lock it
	waited for; a fresh transaction opens its view after the lock. After a deadlock or a lock timeout everything
	is rolled back and done again. Inside a larger transaction (jobs, tests, other use cases) it just calls.
	"""
	if not getattr(frappe.local, "request", None) or frappe.db.transaction_writes:
		return use_case()
	frappe.db.rollback()
	return retry_on_deadlock(use_case)


def retry_on_deadlock(use_case: Callable[[], T], attempts: int = ATTEMPTS) -> T:
	"""Calls `use_case` until it ends without a deadlock; it must redo everything, the transaction is rolled back."""
	for attempt in range(attempts):
		try:
			return use_case()
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			frappe.db.rollback()
			if attempt == attempts - 1:
				raise
			# Not for secrets: the wait only has to differ between the two who met.
			time.sleep(min(0.05 * 2**attempt, LONGEST_WAIT) + random.random() * 0.05)  # noqa: S311
	raise AssertionError("unreachable")
