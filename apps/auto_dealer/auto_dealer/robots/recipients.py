"""Whom a robot means by its recipient."""

from __future__ import annotations

import frappe
from frappe.utils.nestedset import get_ancestors_of

HEADS = "Dealer Sales Head"
MOST = 50


def find_users(doc, params: dict) -> list[str]:
	"""Enabled users. Who is responsible stands for the document; without one, the heads of its department do."""
	kind = params.get("recipient") or "Responsible"
	if kind == "User":
		return _enabled([params.get("recipient_user")])
	if kind == "Field of the Document":
		return _enabled([doc.get(params.get("recipient_field") or "")])
	if kind == "Role":
		return users_with(params.get("recipient_role"), doc.get("department"))
	if kind == "Responsible" and doc.get("responsible"):
		return _enabled([doc.responsible]) or heads_of(doc, params)
	return heads_of(doc, params)


def heads_of(doc, params: dict) -> list[str]:
	role = params.get("recipient_role") if params.get("recipient") == "Heads" else None
	return users_with(role or HEADS, doc.get("department"))


def users_with(role: str | None, department: str | None) -> list[str]:
	"""Those of the department or of one above it; when it has none, everybody with the role."""
	users = frappe.get_all("Has Role", {"role": role, "parenttype": "User"}, pluck="parent", distinct=True)
	users = _enabled(users)
	if not department or not users:
		return users
	above = {department, *ancestors(department)}
	rows = frappe.get_all("User", {"name": ("in", users)}, ["name", "dealer_department"])
	near = [row.name for row in rows if row.dealer_department in above]
	return near or users


def ancestors(department: str) -> list[str]:
	return get_ancestors_of("Department", department)


def _enabled(users: list[str | None]) -> list[str]:
	users = [user for user in dict.fromkeys(users) if user and user != "Guest"]
	if not users:
		return []
	return frappe.get_all(
		"User", {"name": ("in", users), "enabled": 1}, pluck="name", order_by="name", limit=MOST
	)
