"""Contracts are seen with their deal; one without a deal by its author, its responsible and those who see all deals."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.permissions.conditions import NOTHING
from auto_dealer.permissions.related import CONTRACT, can_read, contract_names_sql, visible_names_sql
from auto_dealer.permissions.rules.scope import ALL, DEAL
from auto_dealer.permissions.scopes import get_viewer


def contract_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL for lists, "" for no limit."""
	viewer = get_viewer(user)
	if not viewer.scopes.get(DEAL):
		return NOTHING
	deals = visible_names_sql(DEAL, user)
	return f"`tab{CONTRACT}`.`name` in ({contract_names_sql(deals, viewer.user)})" if deals else ""


def contract_has_permission(
	doc: Document, ptype: str, user: str | None = None, debug: bool = False
) -> bool | None:
	"""The same about one contract; nobody deletes one, whatever the Role Permission Manager says."""
	if ptype == "delete":
		return False
	if ptype == "create" or not doc.name:
		return None
	viewer = get_viewer(user)
	if viewer.scopes.get(DEAL) == ALL:
		return None
	stored = frappe.db.get_value(CONTRACT, doc.name, ["deal", "owner", "responsible"], as_dict=True)
	if not stored:
		return None
	if stored.deal:
		return None if can_read(DEAL, stored.deal, user) else False
	return None if viewer.user in (stored.owner, stored.responsible) else False
