"""The payer: ERPNext's Customer, made from the contact when there is none."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from auto_dealer.payments.billed import BillNotTaken, ViewIsOld

PERSON, COMPANY = "Individual", "Company"


def ensure_customer(contact: str, client_kind: str | None = None) -> str:
	"""The contact's only customer, or a new one: a company when the contact or the kind of client says so."""
	card = lock_card(contact)
	customers = [row.link_name for row in card.links if row.link_doctype == "Customer"]
	if len(customers) > 1:
		frappe.throw(
			_("{0} belongs to several customers: choose who pays.").format(card.full_name or card.name),
			BillNotTaken,
		)
	return customers[0] if customers else create_customer(card, client_kind)


def lock_card(contact: str) -> Document:
	"""The contact as it is now, with its row locked, so that two documents of one client get one customer.

	Its links are not locked: their gaps would stand in the way of other clients' cards.
	"""
	modified = frappe.db.get_value("Contact", contact, "modified", for_update=True)
	card = frappe.get_doc("Contact", contact)
	if get_datetime(card.modified) != modified:
		raise ViewIsOld
	return card


def create_customer(card, client_kind: str | None = None) -> str:
	kind = customer_type(card, client_kind)
	customer = frappe.get_doc(
		{
			"doctype": "Customer",
			"customer_type": kind,
			"customer_name": (card.company_name if kind == COMPANY else None)
			or card.full_name
			or card.mobile_no
			or card.name,
			"customer_group": default_group(kind),
			"territory": default_territory(),
			"customer_primary_contact": card.name,
			"language": frappe.db.get_default("lang"),
		}
	)
	# Who bills a client may not keep the book of customers; the client's card is theirs to see.
	customer.insert(ignore_permissions=True)
	link_contact(card, customer.name)
	return customer.name


def link_contact(card, customer: str) -> None:
	"""One INSERT: a save of the card would delete its missing rows first, and whoever does so in parallel deadlocks."""
	row = card.append("links", {"link_doctype": "Customer", "link_name": customer, "link_title": customer})
	row.set_new_name()
	row.owner = row.modified_by = frappe.session.user
	row.creation = row.modified = frappe.utils.now_datetime()
	row.db_insert()
	# Who waits for the card's row sees by this that it has changed.
	frappe.db.set_value("Contact", card.name, "modified", row.modified, update_modified=False)
	frappe.clear_document_cache("Contact", card.name)


def customer_type(card, client_kind: str | None) -> str:
	if card.company_name:
		return COMPANY
	kind = client_kind or card.get("dealer_client_kind")
	return COMPANY if kind and frappe.get_cached_value("Client Kind", kind, "is_company") else PERSON


def default_group(kind: str) -> str:
	"""ERPNext's own default, else its group of persons or companies, in whichever language they were made."""
	own = frappe.db.get_single_value("Selling Settings", "customer_group")
	wanted = "Individual" if kind == PERSON else "Commercial"
	for name in (own, wanted, _(wanted, frappe.db.get_default("lang"))):
		if name and frappe.db.get_value("Customer Group", name, "is_group") == 0:
			return name
	return frappe.db.get_value("Customer Group", {"is_group": 0}, order_by="lft")


def default_territory() -> str:
	own = frappe.db.get_single_value("Selling Settings", "territory")
	if own and frappe.db.exists("Territory", own):
		return own
	country = frappe.db.get_default("country")
	return frappe.db.exists("Territory", country) or frappe.db.get_value("Territory", {"is_group": 0})
