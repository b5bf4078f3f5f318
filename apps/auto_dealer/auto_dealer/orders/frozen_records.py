"""Records that prove what happened: never changed, never deleted."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.permissions.deny_delete import deny


class RecordIsFrozen(frappe.ValidationError):
	"""Somebody tried to change what a client saw and answered."""


def refuse_change(record: Document) -> None:
	"""Everything but the insertion."""
	if not record.is_new():
		frappe.throw(_("What a client saw and answered is never changed."), RecordIsFrozen)


def refuse_deletion(record: Document) -> None:
	deny(record)


def add_time_indexes() -> None:
	"""For "my running job" and for the time of one job."""
	frappe.db.add_index("Mechanic Time", ["mechanic", "ended_at"], "dealer_mechanic_running")
	frappe.db.add_index("Mechanic Time", ["work_order", "labour_row"], "dealer_job")
