"""How much of the client base a user sees in a search: whom, and how much of each (R149)."""

from collections.abc import Iterable

import frappe
from frappe import _

from auto_dealer.clients.rules.mask import mask_email, mask_phone

WORK = ("Auto Lead", "Auto Deal")


def may_search_clients(user: str | None = None) -> bool:
	"""True for staff who work with enquiries and whose role opens clients' cards at all (not only their own ones)."""
	user = user or frappe.session.user
	if user == "Administrator":
		return True
	roles = set(frappe.get_roles(user))
	opens = any(
		row.read and not row.if_owner and not row.permlevel and row.role in roles
		for row in frappe.get_meta("Contact").permissions
	)
	return opens and any(frappe.has_permission(doctype, "read", user=user) for doctype in WORK)


def check_read() -> None:
	"""Throws PermissionError for those who may not search clients."""
	if not may_search_clients():
		raise frappe.PermissionError(_("No permission to see clients."))


def readable(doctype: str, names: Iterable[str]) -> set[str]:
	"""Those of the documents that the session's user may open."""
	names = list(names)
	if not names or not frappe.has_permission(doctype, "read"):
		return set()
	return set(frappe.get_list(doctype, filters={"name": ("in", names)}, pluck="name", limit=len(names)))


def shown_phone(phone: str | None, is_readable: bool) -> str:
	return (phone or "") if is_readable else mask_phone(phone)


def shown_email(email: str | None, is_readable: bool) -> str:
	return (email or "") if is_readable else mask_email(email)
