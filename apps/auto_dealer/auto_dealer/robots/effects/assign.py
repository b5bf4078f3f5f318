"""A responsible for the document: of several recipients the one who holds the fewest open ones."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.robots.effects.notify_staff import NobodyToTell
from auto_dealer.robots.recipients import find_users


def run(robot, doc, params: dict, run) -> list[str]:
	users = find_users(doc, params)
	if not users:
		frappe.throw(_("There is nobody to tell: {0}").format(_(params.get("recipient") or "")), NobodyToTell)
	if doc.get("responsible") in users:
		return []
	doc.responsible = least_busy(doc.doctype, users)
	doc.save()
	return [_("Responsible: {0}").format(doc.responsible)]


def least_busy(doctype: str, users: list[str]) -> str:
	filters = {"responsible": ("in", users)}
	if frappe.get_meta(doctype).has_field("is_closed"):
		filters["is_closed"] = 0
	rows = frappe.get_all(
		doctype, filters, ["responsible", "count(name) as held"], group_by="responsible", order_by=None
	)
	held = {row.responsible: row.held for row in rows}
	return min(users, key=lambda user: (held.get(user, 0), user))
