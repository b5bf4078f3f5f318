"""Saves of the desk and of REST that meet a deadlock are done again: to the user it is a wait, not an error.

Use cases have `sales.retry.run_locked`; this is the same for whoever calls `save` or `insert` at the start of a request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
from frappe.model.document import Document

from auto_dealer.sales.retry import retry_on_deadlock

# By these Frappe sees that somebody else has saved meanwhile.
STAMPS = ("modified", "modified_by", "creation", "owner")


def retried(booking: Document, save: Callable[[], Document]) -> Document:
	"""The result of `save`. After a deadlock everything is rolled back, so the document is put back before the next try."""
	if not getattr(frappe.local, "request", None) or frappe.db.transaction_writes:
		return save()
	given, is_new = _values(booking), booking.get("__islocal")
	stamps = {field: booking.get(field) for field in STAMPS}
	tries = 0

	def again() -> Document:
		nonlocal tries
		if tries:
			_put_back(booking, {**given, **stamps}, is_new)
		tries += 1
		return save()

	return retry_on_deadlock(again)


def _values(booking: Document) -> dict[str, Any]:
	values = booking.as_dict()
	return {
		field.fieldname: values.get(field.fieldname)
		for field in booking.meta.fields
		if field.fieldname in values
	}


def _put_back(booking: Document, given: dict[str, Any], is_new: Any) -> None:
	for field, value in given.items():
		booking.set(field, [dict(row) for row in value] if isinstance(value, list) else value)
	booking.set("__islocal", is_new)
	booking._doc_before_save = None
