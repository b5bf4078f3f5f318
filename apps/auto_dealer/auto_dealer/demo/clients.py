"""The demo's client base: contacts, the firms behind some of them, and cars."""

import frappe

from auto_dealer.demo.names import Client
from auto_dealer.demo.plan import Car

BODIES = {"Liftback", "Sedan", "Hatchback", "Crossover", "SUV", "Van", "Wagon"}


def make_contacts(clients: list[Client], made: dict[str, list[str]]) -> dict[int, frappe._dict]:
	"""Contacts by the client's number: name, full_name, phone, email."""
	return {client.number: _make_contact(client, made) for client in clients}


def _make_contact(client: Client, made: dict[str, list[str]]) -> frappe._dict:
	contact = frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": client.first_name,
			"middle_name": client.middle_name,
			"last_name": client.last_name,
			"company_name": client.company,
			"dealer_client_kind": client.kind if frappe.db.exists("Client Kind", client.kind) else None,
			"dealer_messenger": client.messenger,
			"phone_nos": [
				{"phone": p, "is_primary_mobile_no": int(not n)} for n, p in enumerate(client.phones)
			],
			"email_ids": [{"email_id": client.email, "is_primary": 1}] if client.email else [],
		}
	)
	if client.company:
		contact.append(
			"links", {"link_doctype": "Customer", "link_name": _make_customer(client.company, made)}
		)
	contact.flags.ignore_auto_link_call_log = True
	contact.insert()
	made.setdefault("Contact", []).append(contact.name)
	return frappe._dict(
		name=contact.name,
		full_name=contact.full_name,
		phone=client.phones[0],
		email=client.email,
		kind=client.kind,
	)


def _make_customer(company: str, made: dict[str, list[str]]) -> str:
	if found := frappe.db.exists("Customer", {"customer_name": company}):
		return found
	customer = frappe.get_doc(
		{"doctype": "Customer", "customer_name": company, "customer_type": "Company"}
	).insert()
	made.setdefault("Customer", []).append(customer.name)
	return customer.name


def make_cars(cars: list[Car], contacts: dict[int, frappe._dict], made: dict[str, list[str]]) -> None:
	"""The cars; each remembers its document's name."""
	for car in cars:
		vehicle = frappe.get_doc(
			{
				"doctype": "Auto Vehicle",
				"vin": car.vin,
				"licence_plate": car.plate,
				"model": car.model.name,
				"year": car.year,
				"color": car.color,
				"body": car.model.body if car.model.body in BODIES else None,
				"engine": car.model.engine,
				"fuel": "Diesel" if car.model.engine.split(" ")[0].endswith("d") else "Petrol",
				"mileage": car.mileage,
				"ownership": car.ownership,
				"owner_contact": contacts[car.owner].name if car.owner is not None else None,
			}
		).insert()
		car.name = vehicle.name
		made.setdefault("Auto Vehicle", []).append(vehicle.name)
