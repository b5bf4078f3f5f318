"""The viewer behind a user: scopes from Dealer Settings, department and shares, kept in Redis until they change."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.permissions.rules.scope import DEAL, LEAD, SPECIALIST_COLUMNS, Viewer, widest

CACHE_KEY = "auto_dealer_viewers"
# "document" of a row in Dealer Settings.role_scopes.
DOCUMENTS = {"Leads": LEAD, "Deals": DEAL}
NO_ROLE_SCOPES = ("Guest",)


def get_viewer(user: str | None = None) -> Viewer:
	"""What decides the visibility for `user` (the session's when empty). No SQL once it is cached."""
	user = user or frappe.session.user
	if user == "Administrator":
		return Viewer(user, {LEAD: "All", DEAL: "All"})
	facts = frappe.cache.hget(CACHE_KEY, user)
	if facts is None:
		facts = read_viewer(user)
		frappe.cache.hset(CACHE_KEY, user, facts)
	return Viewer(**facts)


def get_scope(user: str | None, doctype: str) -> str:
	"""Own, Own and Unsorted, Department or All; "" for somebody who sees nothing, such as a guest."""
	return get_viewer(user).scopes.get(doctype, "")


def get_home_department(user: str) -> str:
	"""The department the user works in, "" for none."""
	return get_viewer(user).home


def read_viewer(user: str) -> dict:
	"""The arguments of `Viewer`, read from the database."""
	roles = set(frappe.get_roles(user))
	home = read_home_department(user)
	return {
		"user": user,
		"scopes": {} if user in NO_ROLE_SCOPES else read_scopes(roles),
		"home": home,
		"departments": tuple(read_departments(home)),
		"specialist_columns": tuple(
			sorted({column for role, column in SPECIALIST_COLUMNS.items() if role in roles})
		),
		"shared": {doctype: tuple(frappe.share.get_shared(doctype, user)) for doctype in (LEAD, DEAL)},
	}


def read_scopes(roles: set[str]) -> dict[str, str]:
	"""The widest scope of these roles by DocType; a role without a row in Dealer Settings counts as Own."""
	rows = frappe.get_all(
		"Dealer Role Scope", {"parent": "Dealer Settings", "role": ("in", list(roles))}, ["document", "scope"]
	)
	return {
		doctype: widest(row.scope for row in rows if DOCUMENTS.get(row.document) == doctype)
		for doctype in (LEAD, DEAL)
	}


def read_home_department(user: str) -> str:
	"""From the custom field; "" also while an install has not made it yet."""
	if not frappe.get_meta("User").has_field("dealer_department"):
		return ""
	return frappe.db.get_value("User", user, "dealer_department") or ""


def read_departments(home: str) -> list[str]:
	"""The department and all below it in ERPNext's tree."""
	bounds = home and frappe.db.get_value("Department", home, ["lft", "rgt"])
	if not bounds:
		return []
	return frappe.get_all("Department", {"lft": (">=", bounds[0]), "rgt": ("<=", bounds[1])}, pluck="name")


def forget_user(doc: Document, method: str | None = None, *args) -> None:
	"""Doc event of User: its roles, department or name changed."""
	_forget(lambda: frappe.cache.hdel(CACHE_KEY, doc.name))


def forget_share(doc: Document, method: str | None = None) -> None:
	"""Doc event of DocShare: somebody was shown a document, or no longer is."""
	if doc.share_doctype not in (LEAD, DEAL):
		return
	if doc.everyone or not doc.user:
		forget_all()
	else:
		_forget(lambda: frappe.cache.hdel(CACHE_KEY, doc.user))


def forget_all(*args) -> None:
	"""Doc event of Dealer Settings, Department and Role, and part of clearing the cache."""
	_forget(lambda: frappe.cache.delete_value(CACHE_KEY))


def _forget(clear) -> None:
	"""Now, and again when others see the change: until then they read, and cache, the old state."""
	clear()
	if frappe.db:
		frappe.db.after_commit.add(clear)
		frappe.db.after_rollback.add(clear)
