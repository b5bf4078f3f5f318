"""Who or what may be in the base already: listed over the form before anything is saved (R145)."""

import frappe
from frappe import _

from auto_dealer.clients.client_access import may_search_clients
from auto_dealer.clients.find_contact import ClientInput
from auto_dealer.clients.quick_search import contact_rows, find_cars
from auto_dealer.clients.rules.tokens import fold_name, name_tokens
from auto_dealer.clients.search_index import search
from auto_dealer.vehicles.rules.plate import fold_plate
from auto_dealer.vehicles.rules.vin import fold_vin

MOST = 10


def possible_duplicates(
	client_name: str | None = None,
	phone: str | None = None,
	email: str | None = None,
	messenger: str | None = None,
	vin: str | None = None,
	plate: str | None = None,
	doctype: str | None = None,
	name: str | None = None,
) -> list[dict]:
	"""Search rows with a `reason`; `doctype` and `name` are the document that is being typed, which is no duplicate."""
	rows = [*_clients(client_name, phone, email, messenger), *_open_leads(phone, email), *_cars(vin, plate)]
	return [
		row for row in rows if not (doctype and name and (row["doctype"], row["name"]) == (doctype, name))
	][:MOST]


def _clients(
	client_name: str | None, phone: str | None, email: str | None, messenger: str | None
) -> list[dict]:
	if not may_search_clients():
		return []
	exact = _by_keys(ClientInput(phone, email, messenger).keys)
	alike = [contact for contact in _by_name(client_name) if contact not in exact]
	rows = []
	for reason, names in (*_grouped(exact), (_("same name"), alike)):
		rows += contact_rows(names, reason=reason)
	return rows


def _by_keys(keys: list[str]) -> dict[str, str]:
	"""Contact → kind of the key that it shares."""
	if not keys:
		return {}
	rows = frappe.get_all(
		"Client Key", {"name": ("in", keys), "contact": ("is", "set")}, ["contact", "kind"], order_by="kind"
	)
	return {row.contact: row.kind for row in rows}


def _grouped(contacts: dict[str, str]) -> list[tuple[str, list[str]]]:
	reasons = {"phone": _("same phone"), "email": _("same e-mail"), "messenger": _("same messenger account")}
	return [(text, [c for c, k in contacts.items() if k == kind]) for kind, text in reasons.items()]


def _by_name(client_name: str | None) -> list[str]:
	"""A first name alone says nothing: two words must fit."""
	words = name_tokens(client_name)
	if len([word for word in words if len(word) > 1]) < 2:
		return []
	found = [row["name"] for row in search(fold_name(client_name), MOST, ("Contact",))]
	names = frappe.get_all("Contact", {"name": ("in", found)}, ["name", "full_name"]) if found else []
	return [row.name for row in names if words <= name_tokens(row.full_name)]


def _open_leads(phone: str | None, email: str | None) -> list[dict]:
	"""Enquiries in work with the same phone or e-mail, of those that the user may read."""
	if not frappe.has_permission("Auto Lead", "read"):
		return []
	given = ClientInput(phone, email)
	rows = []
	for field, values in (("phone", given.phones), ("email", given.emails)):
		if values:
			rows += frappe.get_list(
				"Auto Lead",
				{field: ("in", values), "status": ("in", ("New", "In Progress"))},
				["name", "client_name", "phone", "status", "enquiry_type"],
				limit=MOST,
			)
	return [
		{
			"doctype": "Auto Lead",
			"name": lead.name,
			"title": lead.client_name or lead.phone,
			"description": f"{lead.name} · {_(lead.enquiry_type)}",
			"phone": lead.phone,
			"stage": lead.status,
			"reason": _("open enquiry"),
			"route": ["Form", "Auto Lead", lead.name],
			"can_open": 1,
		}
		for lead in {row.name: row for row in rows}.values()
	]


def _cars(vin: str | None, plate: str | None) -> list[dict]:
	if not frappe.has_permission("Auto Vehicle", "read"):
		return []
	rows = []
	for field, value, reason in (
		("vin", fold_vin(vin), _("same VIN")),
		("plate_folded", fold_plate(plate), _("same plate")),
	):
		if value:
			rows += find_cars({field: value}, MOST, reason=reason)
	return list({row["name"]: row for row in reversed(rows)}.values())[::-1]
