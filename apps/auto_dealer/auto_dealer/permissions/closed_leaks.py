"""Functions of Frappe's desk that answer past the row rights, replaced for our documents.

Each keeps the signature of what it replaces (see `override_whitelisted_methods` in hooks.py) and hands other
DocTypes on unchanged.
"""

from __future__ import annotations

from typing import Any

import frappe
import frappe.client
import frappe.desk.doctype.tag.tag
import frappe.desk.form.assign_to
import frappe.desk.form.document_follow
import frappe.desk.listview
import frappe.desk.search
import frappe.utils.global_search

MODULE = "Auto Dealer"
# Frappe's own DocTypes whose rows we limit.
ALSO_LIMITED = ("Contact", "File", "Tag Link")
# Assignments are counted over at most this many documents of the filtered list.
MOST_COUNTED = 5000


def is_limited(doctype: str) -> bool:
	"""Whether our row rights apply to the DocType."""
	return doctype in ALSO_LIMITED or frappe.get_meta(doctype).module == MODULE


@frappe.whitelist()
def get_count(doctype: str, filters: Any = None, debug: bool = False, cache: bool = False) -> int:
	"""How many documents match, of those that the user may read (Frappe's counts all)."""
	if not is_limited(doctype):
		return frappe.client.get_count(doctype, filters, debug, cache)
	frappe.has_permission(doctype, "read", parent_doctype=_parent_of(doctype), throw=True)
	rows = frappe.get_list(
		doctype,
		filters=frappe.client.get_safe_filters(filters),
		fields=["count(*) as total"],
		parent_doctype=_parent_of(doctype),
		order_by=None,
	)
	return rows[0].total if rows else 0


@frappe.whitelist()
def get_link_title(doctype: str, docname: str) -> str | None:
	"""The title shown in a link field; for a document that the user may not read, its number."""
	if is_limited(doctype) and not _can_read(doctype, docname):
		return docname
	return frappe.desk.search.get_link_title(doctype, docname)


@frappe.whitelist()
def get_group_by_count(doctype: str, current_filters: str, field: str) -> list[dict]:
	"""The list's sidebar counts; by assignee only over the documents that the user may read."""
	if field != "assigned_to" or not is_limited(doctype):
		return frappe.desk.listview.get_group_by_count(doctype, current_filters, field)
	frappe.has_permission(doctype, "read", throw=True)
	names = frappe.get_list(
		doctype, filters=frappe.parse_json(current_filters), pluck="name", limit_page_length=MOST_COUNTED
	)
	return frappe.get_all(
		"ToDo",
		{"reference_type": doctype, "reference_name": ("in", names), "status": ("!=", "Cancelled")},
		["allocated_to as name", "count(*) as count"],
		group_by="allocated_to",
		order_by="count desc",
		limit=50,
	)


@frappe.whitelist()
def get_tagged_docs(doctype: str, tag: str) -> list:
	"""Names of the documents with this tag, of those that the user may read."""
	if not is_limited(doctype):
		return frappe.desk.doctype.tag.tag.get_tagged_docs(doctype, tag)
	frappe.has_permission(doctype, "read", throw=True)
	return frappe.get_list(doctype, filters={"_user_tags": ("like", tag)}, fields=["name"], as_list=True)


@frappe.whitelist()
def get_assignments(args: Any = None) -> list:
	"""To whom a document is assigned, when the user may read it."""
	args = frappe.parse_json(args) or frappe.local.form_dict
	doctype, name = args.get("doctype"), args.get("name")
	if doctype and is_limited(doctype):
		frappe.has_permission(doctype, "read", doc=name, throw=True)
	return frappe.desk.form.assign_to.get(args)


@frappe.whitelist(methods=["POST"])
def follow_document(doctype: str, doc_name: str, user: str) -> Any:
	"""Following a document mails its changes: only what both the caller and the follower may read."""
	if is_limited(doctype):
		frappe.has_permission(doctype, "read", doc=doc_name, throw=True)
		frappe.has_permission(doctype, "read", doc=doc_name, user=user, throw=True)
	return frappe.desk.form.document_follow.follow_document(doctype, doc_name, user)


@frappe.whitelist(methods=["POST"])
def update_follow(doctype: str, doc_name: str, following: bool) -> Any:
	"""As `follow_document`, for the user's own bell."""
	if is_limited(doctype):
		frappe.has_permission(doctype, "read", doc=doc_name, throw=True)
	return frappe.desk.form.document_follow.update_follow(doctype, doc_name, following)


@frappe.whitelist()
def global_search(text: str, start: int = 0, limit: int = 20, doctype: str = "") -> list:
	"""Frappe's global search without our documents that the user may not read."""
	found = frappe.utils.global_search.search(text, start, limit, doctype)
	return [row for row in found if not is_limited(row.doctype) or _can_read(row.doctype, row.name)]


def _can_read(doctype: str, name: str) -> bool:
	return bool(frappe.db.exists(doctype, name) and frappe.has_permission(doctype, "read", doc=name))


def _parent_of(doctype: str) -> str | None:
	"""The DocType that holds a child table, whose rights are asked."""
	if not frappe.get_meta(doctype).istable:
		return None
	return frappe.db.get_value("DocField", {"options": doctype, "fieldtype": "Table"}, "parent")
