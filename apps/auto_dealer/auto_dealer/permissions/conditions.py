"""Row rights of leads and deals, one source for lists (SQL) and single documents.

Frappe calls the `…_query` functions for every list, count, report, search and board, the `…_has_permission`
functions for forms, REST, print, files and writes.
"""

# ruff: noqa: S608 - conditions are SQL by Frappe's contract; names are our own, every value is escaped.

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.permissions.deny_delete import may_delete
from auto_dealer.permissions.rules.scope import COLUMNS, DEAL, LEAD, Clause, is_visible, visible_clauses
from auto_dealer.permissions.scopes import get_viewer

NOTHING = "1 = 0"
MOST_NAMED = 200


def lead_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL that holds for the leads the user sees; "" when that is all of them."""
	return visible_sql(LEAD, user)


def deal_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL that holds for the deals the user sees; "" when that is all of them."""
	return visible_sql(DEAL, user)


def lead_has_permission(
	doc: Document, ptype: str, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False when the lead is not the user's to see; otherwise their roles decide."""
	return has_permission(LEAD, doc, ptype, user)


def deal_has_permission(
	doc: Document, ptype: str, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False when the deal is not the user's to see; otherwise their roles decide."""
	return has_permission(DEAL, doc, ptype, user)


def has_permission(doctype: str, doc: Document, ptype: str, user: str | None) -> bool | None:
	"""Judges what is stored, never what `doc` claims: the browser may have sent it."""
	if ptype == "delete" and not may_delete(user):
		return False
	if ptype == "create" or not doc.name:
		return None
	return None if sees(doctype, doc.name, user) else False


def sees(doctype: str, name: str, user: str | None = None) -> bool:
	"""Whether the lead or deal falls within the user's scope; shares are not counted, Frappe adds them."""
	viewer = get_viewer(user)
	if visible_clauses(viewer, doctype) is None:
		return True
	stored = frappe.db.get_value(doctype, name, COLUMNS[doctype], as_dict=True)
	return stored is None or is_visible(viewer, doctype, stored)


def visible_sql(doctype: str, user: str | None = None, with_shared: bool = True) -> str:
	"""One bracketed SQL condition over `tab<doctype>`, "" for no limit. Every value is escaped."""
	viewer = get_viewer(user)
	clauses = visible_clauses(viewer, doctype)
	if clauses is None:
		return ""
	shared = (viewer.shared or {}).get(doctype, ()) if with_shared else ()
	if shared:
		clauses = (*clauses, Clause("name", tuple(shared)))
	ways = department_sql(doctype, clauses) or [clause_sql(doctype, clause) for clause in clauses]
	return f"({' or '.join(ways)})" if ways else NOTHING


def department_sql(doctype: str, clauses: tuple[Clause, ...]) -> list[str]:
	"""The alternatives of somebody who sees a department; [] for others.

	Alternatives over two indexes make MariaDB sort the whole department for a page of twenty. So what such a person
	holds outside the department, which is little, is named one by one, in a way that asks for no index.
	"""
	wide = next((clause for clause in clauses if clause.column == "department"), None)
	if not wide:
		return []
	department = clause_sql(doctype, wide)
	others = [clause_sql(doctype, clause) for clause in clauses if clause is not wide]
	names = frappe.db.sql(
		f"select name from `tab{doctype}` where ({' or '.join(others)}) and not {department} limit {MOST_NAMED + 1}",
		pluck=True,
	)
	if len(names) > MOST_NAMED:
		return [department, *others]
	listed = ", ".join(frappe.db.escape(name, percent=False) for name in names)
	return [department, f"concat(`tab{doctype}`.`name`) in ({listed})"] if names else [department]


def clause_sql(doctype: str, clause: Clause) -> str:
	"""`tabX`.`column` in (…), with empty columns when "" is among the values."""
	column = f"`tab{doctype}`.`{clause.column}`"
	# percent=False: Frappe sends list queries without parameters, a doubled % would stay doubled.
	values = ", ".join(frappe.db.escape(value, percent=False) for value in clause.values)
	condition = f"{column} in ({values})"
	return f"({condition} or {column} is null)" if "" in clause.values else condition
