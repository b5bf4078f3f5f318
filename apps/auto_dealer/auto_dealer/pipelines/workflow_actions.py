"""Keeps Frappe's hook that makes Workflow Action rows off the hot path of a deal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def skipped(doctype: str) -> Iterator[None]:
	"""In this block Frappe sees no workflow of `doctype`, so that its "*" hook `process_workflow_actions` returns at once.

	All our states are optional, no Workflow Action row is ever made; the hook would still ask one query per
	transition to find that out (10 to 25 a save). The answer is changed in this request's own copy of the cache
	only: nothing goes to Redis, other requests do not notice.
	"""
	answers = frappe.local.cache.setdefault(frappe.cache.make_key("workflow"), {})
	known = answers.get(doctype)
	answers[doctype] = ""
	try:
		yield
	finally:
		if known is None:
			answers.pop(doctype, None)
		else:
			answers[doctype] = known
