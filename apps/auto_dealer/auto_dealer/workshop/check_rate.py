"""What a price of a norm hour must be before it is saved."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate

from auto_dealer.workshop.errors import RateClash


def check_rate(doc: Document) -> None:
	"""Fills the title; refuses a second price for the same work from the same day."""
	doc.title = describe(doc)
	same = {
		"name": ("!=", doc.name or ""),
		"group": doc.group or ("is", "not set"),
		"client_kind": doc.client_kind or ("is", "not set"),
		"is_warranty": 1 if doc.is_warranty else 0,
		"valid_from": doc.valid_from,
	}
	if other := frappe.db.get_value("Labour Rate", same, "rate"):
		frappe.throw(
			_("The same work has a price from {0} already: {1}. Change that one.").format(
				formatdate(doc.valid_from), frappe.format(other, {"fieldtype": "Currency"})
			),
			RateClash,
		)


def describe(doc: Document) -> str:
	parts = [doc.group and _(doc.group), doc.client_kind and _(doc.client_kind)]
	if doc.is_warranty:
		parts.append(_("Warranty Work"))
	whose = ", ".join(part for part in parts if part) or _("All work")
	return f"{whose}, {formatdate(doc.valid_from)}"[:255]
