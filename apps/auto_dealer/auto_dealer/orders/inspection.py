"""Checklists of inspections."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

TEMPLATE = "Inspection Template"


def keep_one_default(template: Document) -> None:
	"""The one that was marked last is the one taken when no other fits."""
	if template.is_default:
		frappe.db.set_value(TEMPLATE, {"is_default": 1, "name": ("!=", template.name)}, "is_default", 0)
