"""Documents that belong to one deal (field `deal`) are seen with it; their rows with them.

Frappe passes the DocType to the query, so one function serves all of them.
"""

# ruff: noqa: S608 - conditions are SQL by Frappe's contract; names are our own, every value is escaped.

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.permissions.deny_delete import may_delete
from auto_dealer.permissions.related import can_read, visible_names_sql
from auto_dealer.permissions.rules.scope import ALL, DEAL
from auto_dealer.permissions.scopes import get_viewer

# Child table → the document of a deal whose rows it holds.
ROWS_OF = {
	"Appraisal Check": "Vehicle Appraisal",
	"Appraisal Comparable": "Vehicle Appraisal",
	"Appraisal Damage": "Vehicle Appraisal",
	"Appraisal Offer": "Vehicle Appraisal",
	"Bank Offer": "Credit Application",
	"Credit Application Product": "Credit Application",
	"Credit Debt": "Credit Application",
	"Credit Income": "Credit Application",
}


def query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL for the documents of the deals that the user sees; "" when that is all."""
	deals = visible_names_sql(DEAL, user)
	return f"`tab{doctype}`.`deal` in ({deals})" if deals else ""


def rows_query(user: str | None = None, doctype: str | None = None) -> str:
	"""The same for rows of a child table that is listed on its own."""
	parent = ROWS_OF[doctype]
	condition = query(user, parent)
	names = f"select `tab{parent}`.`name` from `tab{parent}` where {condition}"
	return f"`tab{doctype}`.`parent` in ({names})" if condition else ""


def has_permission(doc: Document, ptype: str, user: str | None = None, debug: bool = False) -> bool | None:
	"""As the stored deal; nobody but the portal administrator deletes."""
	if ptype == "delete" and not may_delete(user):
		return False
	if ptype == "create" or not doc.name or get_viewer(user).scopes.get(DEAL) == ALL:
		return None
	deal = frappe.db.get_value(doc.doctype, doc.name, "deal")
	return None if can_read(DEAL, deal, user) else False
