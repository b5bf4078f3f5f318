"""One box for clients, deals, enquiries and cars: fragments of a name, phone, VIN, plate, e-mail or number.

Leads, deals, cars and customers are found as far as the user may read them. Clients are found by all who work with
enquiries, or the same person would be registered twice; of a client whose card is closed to the user only the name,
a masked phone and who works with the client are told.
"""

import re

import frappe
from frappe import _
from frappe.desk.reportview import build_match_conditions

from auto_dealer.clients.client_access import may_search_clients, readable, shown_email, shown_phone
from auto_dealer.clients.search_index import match_sql, readings_of, search

PER_GROUP = 20
NUMBER = re.compile(r"^\s*([dlDL])\s*-?\s*(\d{1,9})\s*$")
NUMBERED = {"d": "Auto Deal", "l": "Auto Lead"}


def quick_search(text: str, limit: int = PER_GROUP) -> list[dict]:
	"""Rows `{doctype, name, title, description, phone, route, can_open, …}`, grouped: clients, deals, leads, cars, customers."""
	readings = readings_of(text)
	if not readings:
		return []
	groups = [doctype for doctype, is_open in _groups().items() if is_open]
	found: dict[str, list[str]] = {}
	for row in search(text, limit, groups) if groups else ():
		found.setdefault(row["doctype"], []).append(row["name"])
	return [
		*contact_rows(found.get("Contact", [])),
		*_deals(text, readings, limit),
		*_leads(text, readings, limit),
		*vehicle_rows(found.get("Auto Vehicle", [])),
		*_customer_rows(found.get("Customer", [])),
	]


def _groups() -> dict[str, bool]:
	"""What is found by its own tokens, and whether the user's role opens it."""
	searches_clients = may_search_clients()
	return {
		"Contact": searches_clients,
		"Auto Vehicle": bool(frappe.has_permission("Auto Vehicle", "read")),
		"Customer": searches_clients and bool(frappe.has_permission("Customer", "read")),
	}


def _row(doctype: str, name: str, title: str, description: list, can_open: bool = True, **more) -> dict:
	return {
		"doctype": doctype,
		"name": name,
		"title": title or name,
		"description": " · ".join(str(part) for part in description if part),
		"can_open": int(can_open),
		"route": ["Form", doctype, name] if can_open else None,
		**more,
	}


# -- clients ---------------------------------------------------------------------------------------


def contact_rows(names: list[str], **more) -> list[dict]:
	"""Clients as search rows, those whose card is open to the user first."""
	if not names:
		return []
	fields = ["name", "full_name", "mobile_no", "phone", "email_id", "company_name"]
	contacts = {c.name: c for c in frappe.get_all("Contact", {"name": ("in", names)}, fields)}
	open_to_user = readable("Contact", contacts)
	busy = busy_with(list(contacts))
	rows = []
	for name in sorted((n for n in names if n in contacts), key=lambda n: n not in open_to_user):
		contact, is_readable = contacts[name], name in open_to_user
		phone = shown_phone(contact.mobile_no or contact.phone, is_readable)
		deals = busy.get(name, [])
		rows.append(
			_row(
				"Contact",
				name if is_readable else "",
				contact.full_name or contact.company_name or name,
				[shown_email(contact.email_id, is_readable), *[_busy_text(deal) for deal in deals]],
				is_readable,
				phone=phone,
				busy_with=deals,
				**more,
			)
		)
	return rows


def busy_with(contacts: list[str]) -> dict[str, list[dict]]:
	"""Open deals by contact: title and responsible name only, whoever may see the deal itself."""
	if not contacts:
		return {}
	rows = frappe.db.sql(
		"""select d.contact, d.title, coalesce(u.full_name, '') as responsible_name from `tabAuto Deal` d
		left join tabUser u on u.name = d.responsible where d.contact in %s and d.is_closed = 0
		order by d.creation desc limit 100""",
		(contacts,),
		as_dict=True,
	)
	found: dict[str, list[dict]] = {}
	for row in rows:
		found.setdefault(row.contact, []).append(
			{"title": row.title, "responsible_name": row.responsible_name}
		)
	return found


def _busy_text(deal: dict) -> str:
	if not deal["responsible_name"]:
		return _("open deal: {0}").format(deal["title"])
	return _("open deal: {0}, {1}").format(deal["title"], deal["responsible_name"])


# -- deals and leads -------------------------------------------------------------------------------


def _deals(text: str, readings: list, limit: int) -> list[dict]:
	"""Deals are found by their number, and through their client and their car."""
	if not frappe.has_permission("Auto Deal", "read"):
		return []
	names = _by_number(text, "Auto Deal")
	names += _linked("Auto Deal", {"contact": "Contact", "vehicle": "Auto Vehicle"}, readings, limit)
	fields = [
		"name",
		"title",
		"pipeline",
		"stage",
		"phone",
		"responsible.full_name as responsible_name",
		"vehicle_title",
	]
	return [
		_row(
			"Auto Deal",
			deal.name,
			deal.title,
			[deal.name, deal.vehicle_title, _(deal.pipeline)],
			phone=deal.phone,
			stage=deal.stage,
			responsible_name=deal.responsible_name,
		)
		for deal in _readable_rows("Auto Deal", names[:limit], fields)
	]


def _leads(text: str, readings: list, limit: int) -> list[dict]:
	if not frappe.has_permission("Auto Lead", "read"):
		return []
	names = _by_number(text, "Auto Lead")
	names += _linked("Auto Lead", {"name": "Auto Lead"}, readings, limit)
	fields = [
		"name",
		"client_name",
		"status",
		"enquiry_type",
		"phone",
		"responsible.full_name as responsible_name",
	]
	return [
		_row(
			"Auto Lead",
			lead.name,
			lead.client_name or lead.phone,
			[lead.name, _(lead.enquiry_type)],
			phone=lead.phone,
			stage=lead.status,
			responsible_name=lead.responsible_name,
		)
		for lead in _readable_rows("Auto Lead", names[:limit], fields)
	]


def _by_number(text: str, doctype: str) -> list[str]:
	"""`D-12`, `d000012`: the deal or lead with this number."""
	match = NUMBER.match(text)
	if not match or NUMBERED[match.group(1).lower()] != doctype:
		return []
	return [f"{match.group(1).upper()}-{int(match.group(2)):06d}"]


def _linked(doctype: str, fields: dict[str, str], readings: list, limit: int) -> list[str]:
	"""Documents the user may read where one of the fields (field → DocType of its tokens) names something that a
	reading finds; newest first. One SQL."""
	rights = build_match_conditions(doctype)
	parts, values = [], []
	for reading in readings:
		for field, token_doctype in fields.items():
			tokens, its_values = match_sql(reading, token_doctype, columns="t0.reference_name")
			condition = f"`tab{doctype}`.`{field}` in ({tokens})" + (f" and ({rights})" if rights else "")
			parts.append(
				f"(select `tab{doctype}`.name, `tab{doctype}`.modified from `tab{doctype}` where {condition}"  # noqa: S608
				f" order by `tab{doctype}`.modified desc limit {int(limit)})"
			)
			values += its_values
	rows = frappe.db.sql(" union ".join(parts), values)
	return [name for name, _modified in sorted(rows, key=lambda row: row[1], reverse=True)]


def _readable_rows(doctype: str, names: list[str], fields: list[str]) -> list[dict]:
	"""The documents in the order of `names`, each once, as far as the user may read them."""
	names = list(dict.fromkeys(names))
	if not names:
		return []
	rows = {
		row.name: row for row in frappe.get_list(doctype, {"name": ("in", names)}, fields, limit=len(names))
	}
	return [rows[name] for name in names if name in rows]


# -- cars and customers ----------------------------------------------------------------------------


def vehicle_rows(names: list[str], **more) -> list[dict]:
	"""Cars as search rows; the owner's name only when the user may open the owner's card."""
	fields = ["name", "title", "vin", "ownership", "owner_contact"]
	cars = _readable_rows("Auto Vehicle", names, fields)
	owners = readable("Contact", {car.owner_contact for car in cars if car.owner_contact})
	full_names = (
		dict(frappe.get_all("Contact", {"name": ("in", list(owners))}, ["name", "full_name"], as_list=True))
		if owners
		else {}
	)
	return [
		_row(
			"Auto Vehicle",
			car.name,
			car.title,
			[car.vin, _(car.ownership), full_names.get(car.owner_contact)],
			**more,
		)
		for car in cars
	]


def _customer_rows(names: list[str]) -> list[dict]:
	return [
		_row("Customer", customer.name, customer.customer_name, [customer.name])
		for customer in _readable_rows("Customer", names, ["name", "customer_name"])
	]
