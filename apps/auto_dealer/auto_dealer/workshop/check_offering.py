"""What a service must be before it is sold."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt


def check_offering(doc: Document) -> None:
	"""A price from norms has operations; a service that clients book has a time; quantities are positive."""
	if doc.price_kind == "From Norms":
		doc.price = 0
		if not doc.operations:
			frappe.throw(_("A price from norms needs at least one operation."))
	if doc.is_bookable_online and not (cint(doc.duration_minutes) or doc.operations):
		frappe.throw(
			_("Clients can book a service only when its duration is stated or comes from operations.")
		)
	for row in (*doc.operations, *doc.parts):
		if flt(row.qty) <= 0:
			frappe.throw(_("Row {0}: the quantity is more than 0.").format(row.idx))
	for row in doc.needs:
		if cint(row.count) < 1:
			frappe.throw(_("Row {0}: at least one is needed.").format(row.idx))
