"""Checklists of inspections: which one an order takes, who checked what."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from auto_dealer.orders.rules.stages import INSPECTION

TEMPLATE = "Inspection Template"


def keep_one_default(template: Document) -> None:
	"""The one that was marked last is the one taken when no other fits."""
	if template.is_default:
		frappe.db.set_value(TEMPLATE, {"is_default": 1, "name": ("!=", template.name)}, "is_default", 0)


def fill_inspection(order: Document) -> None:
	"""The points of the template when the order comes to its inspection; who checked a point, and when."""
	if order.stage == INSPECTION and not order.inspection:
		order.inspection_template = order.inspection_template or find_template(order)
		add_points(order)
	before = order.get_doc_before_save()
	stored = {row.name: row for row in before.inspection} if before else {}
	for row in order.inspection:
		old = stored.get(row.name)
		if row.severity and (not old or (old.severity, old.finding) != (row.severity, row.finding)):
			row.checked_by, row.checked_at = frappe.session.user, now_datetime()
		elif old:
			row.checked_by, row.checked_at = old.checked_by, old.checked_at


def find_template(order: Document) -> str | None:
	"""The active template of one of the order's services, else the default one."""
	offerings = [row.offering for row in order.offerings]
	found = offerings and frappe.db.get_value(TEMPLATE, {"is_active": 1, "offering": ("in", offerings)})
	return found or frappe.db.get_value(TEMPLATE, {"is_active": 1, "is_default": 1})


def add_points(order: Document) -> None:
	if order.inspection_template:
		for row in frappe.get_cached_doc(TEMPLATE, order.inspection_template).points:
			order.append("inspection", {"point": row.point})
