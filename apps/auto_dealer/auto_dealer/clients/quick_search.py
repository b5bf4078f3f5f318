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
from auto_dealer.permissions.rules.scope import ALL, DEPARTMENT
from auto_dealer.permissions.scopes import get_viewer

PER_GROUP = 20
# A text that fits more clients than this ("toyota") is too vague to look at all of them for whoever sees everything.
MOST_CANDIDATES = 500
NUMBER = re.compile(r"^\s*([dlDL])\s*-?\s*(\d{1,9})\s*$")
INDEXES = {
	"name": "primary",
	"contact": "dealer_contact",
	"vehicle": "dealer_vehicle",
}  # see sales/indexes.py
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
	cars = _cars(found.get("Auto Vehicle", []))
	clients = found.get("Contact", [])
	# Frappe reads all its permissions to answer this, so it is asked once for clients and owners together.
	open_cards = readable("Contact", {*clients, *_owners(cars)})
	return [
		*contact_rows(clients, open_cards),
		*_deals(text, readings, limit),
		*_leads(text, readings, limit),
		*vehicle_rows(cars, open_cards),
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


def contact_rows(names: list[str], open_cards: set[str] | None = None, **more) -> list[dict]:
	"""Clients as search rows, those whose card is open to the user first."""
	if not names:
		return []
	fields = ["name", "full_name", "mobile_no", "phone", "email_id", "company_name"]
	contacts = {c.name: c for c in frappe.get_all("Contact", {"name": ("in", names)}, fields)}
	open_to_user = readable("Contact", contacts) if open_cards is None else open_cards
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
	columns = ("title", "pipeline", "stage", "phone", "vehicle_title")
	links = {"contact": "Contact", "vehicle": "Auto Vehicle"}
	return [
		_row(
			"Auto Deal",
			deal.name,
			deal.title,
			[deal.name, deal.vehicle_title, _(deal.pipeline)],
			phone=deal.phone,
			stage=deal.stage,
			responsible_name=deal.full_name,
		)
		for deal in _find_work("Auto Deal", links, columns, text, readings, limit)
	]


def _leads(text: str, readings: list, limit: int) -> list[dict]:
	if not frappe.has_permission("Auto Lead", "read"):
		return []
	columns = ("client_name", "status", "enquiry_type", "phone")
	return [
		_row(
			"Auto Lead",
			lead.name,
			lead.client_name or lead.phone,
			[lead.name, _(lead.enquiry_type)],
			phone=lead.phone,
			stage=lead.status,
			responsible_name=lead.full_name,
		)
		for lead in _find_work("Auto Lead", {"name": "Auto Lead"}, columns, text, readings, limit)
	]


def _by_number(text: str, doctype: str) -> list[str]:
	"""`D-12`, `d000012`: the deal or lead with this number."""
	match = NUMBER.match(text)
	if not match or NUMBERED[match.group(1).lower()] != doctype:
		return []
	return [f"{match.group(1).upper()}-{int(match.group(2)):06d}"]


def _find_work(
	doctype: str, links: dict[str, str], columns: tuple[str, ...], text: str, readings: list, limit: int
) -> list[dict]:
	"""Leads or deals the user may read, newest first, in one SQL: those with the typed number, and those where one of
	`links` (field → DocType of its tokens) names something that a reading finds."""
	most = None if _sees_few(doctype) else MOST_CANDIDATES
	table = f"`tab{doctype}`"
	wanted, values = [], []  # of each part of the union: the tables, the condition
	if numbers := _by_number(text, doctype):
		wanted.append((table, f"{table}.name in %s"))
		values.append(numbers)
	for reading in readings:
		for field, token_doctype in links.items():
			tokens, its_values = match_sql(reading, token_doctype, "t0.reference_name", most)
			wanted.append(
				_found_first(table, field, tokens) if most else (table, f"{table}.`{field}` in ({tokens})")
			)
			values += its_values
	rights = build_match_conditions(doctype)
	selected = ", ".join(f"{table}.`{column}`" for column in ("name", "modified", *columns))
	tail = (f" and ({rights})" if rights else "") + f" limit {int(limit)}"
	parts = [
		f"(select {selected}, u.full_name from {tables} left join `tabUser` u on u.name = {table}.responsible"  # noqa: S608
		f" where {condition}{tail})"
		for tables, condition in wanted
	]
	rows = frappe.db.sql(" union ".join(parts), values, as_dict=True)
	return sorted(rows, key=lambda row: row.modified, reverse=True)[:limit]


def _found_first(table: str, field: str, tokens: str) -> tuple[str, str]:
	"""Tables and condition that make the database read the found names first and the documents by index.

	Left to itself it reads all deals: most have no vehicle, so it takes every vehicle for one of very many deals.
	"""
	# A limit is not allowed right inside "in (…)".
	found = f"(select distinct reference_name from ({tokens}) hits) found"  # noqa: S608
	return (
		f"{found} straight_join {table} force index ({INDEXES[field]})",
		f"{table}.`{field}` = found.reference_name",
	)


def _sees_few(doctype: str) -> bool:
	"""Whether the user's own documents are so few that each can be asked for the words."""
	return get_viewer().scopes.get(doctype) not in (ALL, DEPARTMENT)


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


def _cars(names: list[str]) -> list[dict]:
	return _readable_rows("Auto Vehicle", names, ["name", "title", "vin", "ownership", "owner_contact"])


def _owners(cars: list[dict]) -> set[str]:
	return {car.owner_contact for car in cars if car.owner_contact}


def vehicle_rows(cars: list[dict], open_cards: set[str], **more) -> list[dict]:
	"""Cars as search rows; the owner's name only when the user may open the owner's card."""
	owners = list(_owners(cars) & open_cards)
	people = frappe.get_all("Contact", {"name": ("in", owners)}, ["name", "full_name"]) if owners else []
	full_names = {person.name: person.full_name for person in people}
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


def find_cars(filters: dict, limit: int, **more) -> list[dict]:
	"""Cars with exactly these values as search rows, as far as the user may read them."""
	cars = _cars(frappe.get_all("Auto Vehicle", filters, pluck="name", limit=limit))
	return vehicle_rows(cars, readable("Contact", _owners(cars)), **more) if cars else []


def _customer_rows(names: list[str]) -> list[dict]:
	return [
		_row("Customer", customer.name, customer.customer_name, [customer.name])
		for customer in _readable_rows("Customer", names, ["name", "customer_name"])
	]
