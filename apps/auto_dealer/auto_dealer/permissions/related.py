"""Documents that are seen with their lead or deal: stage log, wishes, inbound events, merges, files, tags.

Each `…_query` is SQL for lists, "" for no limit; `…_has_permission` says the same about one document.
"""

# ruff: noqa: S608 - conditions are SQL by Frappe's contract; names are our own, every value is escaped.

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.permissions.conditions import NOTHING, visible_sql
from auto_dealer.permissions.deny_delete import may_delete
from auto_dealer.permissions.rules.scope import ALL, DEAL, DEPARTMENT, LEAD, Viewer
from auto_dealer.permissions.scopes import get_viewer

# The child table of a deal can be listed on its own, by anybody who reads some deal.
WISHES = "Deal Vehicle Interest"
CONTRACT = "Dealer Contract"
# Documents of one deal, seen with it; see deal_documents.
DEAL_DOCUMENTS = ("Credit Application", "Vehicle Appraisal")
ROLE_PREFIX = "Dealer "
MOST_NAMED_DEALS = 1000


def visible_names_sql(doctype: str, user: str | None = None) -> str:
	"""A subselect of the names that the user sees; "" when that is all."""
	condition = visible_sql(doctype, user)
	return f"select `tab{doctype}`.`name` from `tab{doctype}` where {condition}" if condition else ""


def can_read(doctype: str, name: str | None, user: str | None) -> bool:
	"""Role, scope and shares together; False for a document that is gone."""
	return bool(
		name
		and frappe.db.exists(doctype, name)
		and frappe.has_permission(doctype, "read", doc=name, user=user)
	)


# -- deals' own rows -------------------------------------------------------------------------------


def stage_log_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Log rows of the deals that the user sees.

	Of few deals, they are named, so that the index on `deal` serves; of many, each row asks for its deal while the
	list is read in its order: a join would sort all of them for a page of twenty.
	"""
	condition = visible_sql(DEAL, user)
	if not condition:
		return ""
	names = frappe.db.sql(
		f"select `tabAuto Deal`.`name` from `tabAuto Deal` where {condition} limit {MOST_NAMED_DEALS + 1}",
		pluck=True,
	)
	log = "`tabDeal Stage Log`.`deal`"
	if len(names) <= MOST_NAMED_DEALS:
		return (
			f"{log} in ({', '.join(frappe.db.escape(name, percent=False) for name in names)})"
			if names
			else NOTHING
		)
	seen = f"select 1 from `tabAuto Deal` where `tabAuto Deal`.`name` = {log} and {condition} limit 1"
	return f"ifnull(({seen}), 0) = 1"


def stage_log_has_permission(
	doc: Document, ptype: str, user: str | None = None, debug: bool = False
) -> bool | None:
	"""As the deal of the row; nobody but the portal administrator deletes history."""
	if ptype == "delete" and not may_delete(user):
		return False
	if ptype == "create" or get_viewer(user).scopes.get(DEAL) == ALL:
		return None
	deal = frappe.db.get_value("Deal Stage Log", doc.name, "deal") if doc.name else None
	return None if can_read(DEAL, deal, user) else False


def wishes_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Rows "vehicle of interest" of the deals that the user sees."""
	deals = visible_names_sql(DEAL, user)
	return f"`tab{WISHES}`.`parent` in ({deals})" if deals else ""


# -- inbound events --------------------------------------------------------------------------------


def inbound_event_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Events of visible leads and deals; those that led to neither go by the department of their channel."""
	viewer = get_viewer(user)
	leads, deals = visible_names_sql(LEAD, user), visible_names_sql(DEAL, user)
	if not leads and not deals:
		return ""
	event = "`tabInbound Event`"
	ways = [
		f"{event}.`lead` in ({leads})" if leads else f"{event}.`lead` is not null",
		f"{event}.`deal` in ({deals})" if deals else f"{event}.`deal` is not null",
	]
	if channels := channels_sql(viewer):
		ways.append(
			f"({event}.`lead` is null and {event}.`deal` is null and {event}.`channel` in ({channels}))"
		)
	return f"({' or '.join(ways)})"


def inbound_event_has_permission(
	doc: Document, ptype: str, user: str | None = None, debug: bool = False
) -> bool | None:
	"""The payload is a client's data: read like the lead or deal it led to."""
	if ptype == "delete" and not may_delete(user):
		return False
	viewer = get_viewer(user)
	if ptype == "create" or {viewer.scopes.get(LEAD), viewer.scopes.get(DEAL)} == {ALL}:
		return None
	if not doc.name or not (stored := _stored_event(doc.name)):
		return None
	if stored.lead or stored.deal:
		return None if can_read(LEAD, stored.lead, user) or can_read(DEAL, stored.deal, user) else False
	department = frappe.db.get_value("Ad Channel", stored.channel, "department") if stored.channel else None
	return None if _is_of_departments(viewer, department) else False


def _stored_event(name: str) -> frappe._dict | None:
	return frappe.db.get_value("Inbound Event", name, ["lead", "deal", "channel"], as_dict=True)


def channels_sql(viewer: Viewer) -> str:
	"""A subselect of the channels of a head's departments, and of none; "" for others."""
	if viewer.scopes.get(LEAD) != DEPARTMENT:
		return ""
	departments = ", ".join(frappe.db.escape(name, percent=False) for name in (*viewer.departments, ""))
	return (
		"select `tabAd Channel`.`name` from `tabAd Channel`"
		f" where `tabAd Channel`.`department` in ({departments}) or `tabAd Channel`.`department` is null"
	)


def _is_of_departments(viewer: Viewer, department: str | None) -> bool:
	return viewer.scopes.get(LEAD) == DEPARTMENT and (not department or department in viewer.departments)


# -- merges ----------------------------------------------------------------------------------------


def client_merge_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Merges hold copies of both clients: one's own; a head also those made in the department."""
	viewer = get_viewer(user)
	scope = viewer.scopes.get(LEAD)
	if scope == ALL:
		return ""
	if not scope:
		return NOTHING
	own = f"`tabClient Merge`.`merged_by` = {frappe.db.escape(viewer.user, percent=False)}"
	if scope != DEPARTMENT or not viewer.departments:
		return own
	departments = ", ".join(frappe.db.escape(name, percent=False) for name in viewer.departments)
	staff = f"select `tabUser`.`name` from `tabUser` where `tabUser`.`dealer_department` in ({departments})"
	return f"({own} or `tabClient Merge`.`merged_by` in ({staff}))"


def client_merge_has_permission(
	doc: Document, ptype: str, user: str | None = None, debug: bool = False
) -> bool | None:
	"""The same about one merge."""
	viewer = get_viewer(user)
	scope = viewer.scopes.get(LEAD)
	if ptype == "create" or scope == ALL:
		return None
	merged_by = frappe.db.get_value("Client Merge", doc.name, "merged_by") if doc.name else None
	if not merged_by or merged_by == viewer.user:
		return None
	home = get_viewer(merged_by).home
	return None if scope == DEPARTMENT and home and home in viewer.departments else False


# -- contacts --------------------------------------------------------------------------------------


def contact_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Contacts of the visible leads and deals, and one's own, for staff who have no other role for contacts."""
	user = user or frappe.session.user
	if not is_contact_limited(user):
		return ""
	own = f"`tabContact`.`owner` = {frappe.db.escape(user, percent=False)}"
	ways = [f"`tabContact`.`name` in ({contacts_sql(doctype, user)})" for doctype in (LEAD, DEAL)]
	return f"({' or '.join([own, *ways])})"


def contacts_sql(doctype: str, user: str) -> str:
	"""A subselect of the contacts of the leads or deals that the user sees."""
	names = f"select `tab{doctype}`.`contact` from `tab{doctype}` where `tab{doctype}`.`contact` is not null"
	condition = visible_sql(doctype, user)
	return f"{names} and {condition}" if condition else names


def contact_has_permission(
	doc: Document, ptype: str, user: str | None = None, debug: bool = False
) -> bool | None:
	"""The same about one contact."""
	user = user or frappe.session.user
	if ptype == "create" or not doc.name or not is_contact_limited(user):
		return None
	owner = frappe.db.get_value("Contact", doc.name, "owner")
	if owner is None or owner == user:
		return None
	return None if any(_has_visible(doctype, doc.name, user) for doctype in (LEAD, DEAL)) else False


def is_contact_limited(user: str) -> bool:
	"""False for those who see all leads and deals, and for users of ERPNext whose own roles open the contacts."""
	viewer = get_viewer(user)
	if user == "Administrator" or {viewer.scopes.get(LEAD), viewer.scopes.get(DEAL)} == {ALL}:
		return False
	roles = set(frappe.get_roles(user))
	return not any(
		row.read and not row.if_owner and not row.permlevel and not row.role.startswith(ROLE_PREFIX)
		for row in frappe.get_meta("Contact").permissions
		if row.role in roles
	)


def _has_visible(doctype: str, contact: str, user: str) -> bool:
	"""Whether the user sees a lead or deal of the contact; by the index on `contact`."""
	condition = visible_sql(doctype, user)
	table = f"`tab{doctype}`"
	where = f" and {condition}" if condition else ""
	return bool(
		frappe.db.sql(
			f"select 1 from {table} where {table}.`contact` = {frappe.db.escape(contact, percent=False)}{where} limit 1"
		)
	)


# -- what Frappe attaches to any document ----------------------------------------------------------


def file_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Files of leads, deals and contracts are listed to those who see the lead, deal or contract.

	Frappe's own condition ends with `or attached_to_doctype in (…)` and is followed by `and` + this one, so that
	public files and one's own loose ones stay as they were.
	"""
	return _attached_sql("tabFile", "attached_to_doctype", "attached_to_name", user)


def tag_link_query(user: str | None = None, doctype: str | None = None) -> str:
	"""A tag carries the title of what it is tied to, that is the client's name."""
	return _attached_sql("tabTag Link", "document_type", "document_name", user)


def contract_names_sql(deals: str, user: str | None = None) -> str:
	"""A subselect of the contracts of these deals, and of those without a deal that the user has made or answers for."""
	me = frappe.db.escape(user or frappe.session.user, percent=False)
	contract = f"`tab{CONTRACT}`"
	own = f"ifnull({contract}.`deal`, '') = '' and ({contract}.`owner` = {me} or {contract}.`responsible` = {me})"
	return f"select {contract}.`name` from {contract} where {contract}.`deal` in ({deals}) or ({own})"


def _attached_sql(table: str, type_column: str, name_column: str, user: str | None) -> str:
	limits = {doctype: names for doctype in (LEAD, DEAL) if (names := visible_names_sql(doctype, user))}
	if DEAL in limits:
		limits[CONTRACT] = contract_names_sql(limits[DEAL], user)
		for doctype in DEAL_DOCUMENTS:
			table_of = f"`tab{doctype}`"
			deals = limits[DEAL]
			limits[doctype] = f"select {table_of}.`name` from {table_of} where {table_of}.`deal` in ({deals})"
	limits.update(_work_order_limits(user))
	if not limits:
		return ""
	kind, name = f"`{table}`.`{type_column}`", f"`{table}`.`{name_column}`"
	listed = ", ".join(frappe.db.escape(doctype) for doctype in limits)
	ways = [f"ifnull({kind}, '') not in ({listed})"]
	ways += [
		f"({kind} = {frappe.db.escape(doctype)} and {name} in ({names}))" for doctype, names in limits.items()
	]
	return f"({' or '.join(ways)})"


def _work_order_limits(user: str | None) -> dict[str, str]:
	# That module builds on this one.
	from auto_dealer.permissions.work_orders import attached_limits

	return attached_limits(user)
