"""A company by its tax number: found in the register, picked by the manager, kept as a Customer of the deal (R147).

Bank details are not in the register and are entered by hand, as a Bank Account of the customer; invoice and act do
without them (R148).
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.clients.client_keys import lock_client
from auto_dealer.clients.rules.inn import fold_inn, is_inn
from auto_dealer.integrations.dadata import find_company
from auto_dealer.integrations.http_api.errors import ServiceError
from auto_dealer.payments.customer import COMPANY, PERSON, default_group, default_territory, link_contact
from auto_dealer.sales.retry import run_locked

CACHE = "auto_dealer:companies:"
# Seconds between finding a company and taking it.
REMEMBERED = 1800


class BadTaxNumber(frappe.ValidationError):
	"""Not a tax number: a digit is missing or wrong."""


class RegisterNotAsked(frappe.ValidationError):
	"""The register has no key here, does not answer, or does not know the number."""


def find_companies(inn: str) -> list[dict]:
	"""The companies and branches of a tax number. Checks no rights; asks the network, so never call it under locks."""
	if not is_inn(inn):
		frappe.throw(_("{0} is no tax number (INN). Check its digits.").format(inn), BadTaxNumber)
	if not find_company.is_ready():
		frappe.throw(
			_("The register of companies is not connected. Enter the key of DaData in Dealer Settings."),
			RegisterNotAsked,
		)
	try:
		found = find_company.find_companies(fold_inn(inn))
	except ServiceError as error:
		message = _("The register of companies did not answer: {0} Enter the company by hand.").format(error)
		raise RegisterNotAsked(message) from error
	frappe.cache.set_value(CACHE + fold_inn(inn), found, expires_in_sec=REMEMBERED)
	return found


def take_company(deal: str, inn: str, kpp: str = "") -> str:
	"""Makes a company that was just found the customer of the deal; its name. The caller checks the right to the deal.

	What is written comes from the register's answer, not from the browser. Two at a time: the key of the tax number
	is locked until the transaction ends, so two deals of one company get one customer.
	"""
	found = frappe.cache.get_value(CACHE + fold_inn(inn))
	company = next((each for each in found or () if each["kpp"] == (kpp or each["kpp"])), None)
	if not company:
		frappe.throw(_("Find the company {0} in the register first.").format(inn), RegisterNotAsked)
	return run_locked(lambda: _take(deal, company))


def _take(deal: str, company: dict) -> str:
	lock_client([f"inn:{company['inn']}"])
	doc = frappe.get_doc("Auto Deal", deal, for_update=True)
	doc.customer = find_customer(company) or make_customer(company).name
	doc.save()
	if doc.contact:
		speak_for(doc.contact, doc.customer)
	return doc.customer


def speak_for(contact: str, customer: str) -> None:
	"""The deal's person stands for the company in ERPNext's documents."""
	frappe.db.get_value("Contact", contact, "modified", for_update=True)
	card = frappe.get_doc("Contact", contact)
	if not any(row.link_doctype == "Customer" and row.link_name == customer for row in card.links):
		link_contact(card, customer)


def find_customer(company: dict) -> str | None:
	"""The customer with this tax number, of this branch when there are several."""
	rows = frappe.get_all(
		"Customer", {"tax_id": company["inn"]}, ["name", "dealer_kpp"], order_by="creation", limit=20
	)
	same = [row.name for row in rows if (row.dealer_kpp or company["kpp"]) == company["kpp"]]
	return same[0] if same else None


def make_customer(company: dict) -> Document:
	kind = PERSON if company["is_person"] else COMPANY
	customer = frappe.get_doc(
		{
			"doctype": "Customer",
			"customer_name": company["name"],
			"customer_type": kind,
			"customer_group": default_group(kind),
			"territory": default_territory(),
			"tax_id": company["inn"],
			"dealer_kpp": company["kpp"],
			"dealer_ogrn": company["ogrn"],
			"dealer_legal_address": company["address"],
		}
	)
	# Managers may not make customers by hand; this one comes from the register, for a deal that they may change.
	return customer.insert(ignore_permissions=True)
