"""What happens to a deferred work before it is saved."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

OPEN, WON_BACK, DROPPED = "Open", "Won Back", "Dropped"


def check(work: Document) -> None:
	"""Staff change the date and may drop the work with a reason; winning it back is counted by the order."""
	before = work.get_doc_before_save()
	if not before or work.flags.by_use_case:
		return
	if work.status != before.status and WON_BACK in (work.status, before.status):
		frappe.throw(_("A deferred work is won back by putting it into a work order."))
	if work.status == DROPPED and not (work.drop_reason or "").strip():
		frappe.throw(_("Write why the deferred work is dropped."))
