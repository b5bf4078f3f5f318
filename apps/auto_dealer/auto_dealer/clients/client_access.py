"""How much of the client base a user sees in a search: whom, and how much of each (R149)."""

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.core.doctype.user_permission.user_permission import get_user_permissions

from auto_dealer.clients.rules.mask import mask_email, mask_phone
from auto_dealer.permissions.related import contact_query

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
	if doctype == "Contact" and not get_user_permissions():
		return _readable_contacts(names)
	return set(frappe.get_list(doctype, filters={"name": ("in", names)}, pluck="name", limit=len(names)))


def _readable_contacts(names: list[str]) -> set[str]:
	"""As a list of contacts gives them, but without Frappe's own condition of contacts: it reads all permissions of the
	site to judge links that a Contact does not have."""
	condition = contact_query()
	if not condition:
		return set(names)
	query = f"select name from `tabContact` where name in %s and {condition.replace('%', '%%')}"  # noqa: S608
	return {name for (name,) in frappe.db.sql(query, (names,))}


def shown_phone(phone: str | None, is_readable: bool) -> str:
	return (phone or "") if is_readable else mask_phone(phone)


def shown_email(email: str | None, is_readable: bool) -> str:
	return (email or "") if is_readable else mask_email(email)
