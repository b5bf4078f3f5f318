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
from auto_dealer.payments.customer import (
	COMPANY,
	PERSON,
	default_group,
	default_territory,
	link_contact,
	lock_card,
)
from auto_dealer.sales.retry import run_locked

CACHE = "auto_dealer:companies:"
# Seconds between finding a company and taking it.
REMEMBERED = 1800


class BadTaxNumber(frappe.ValidationError):
	"""Not a tax number: a digit is missing or wrong."""


class RegisterNotAsked(frappe.ValidationError):
	"""The register has no key here, does not answer, or does not know the number."""


def find_companies(inn: str) -> list[dict]:
	"""The companies and branches of a tax number; one number is asked for once in REMEMBERED seconds.

	Checks no rights; asks the network, so never call it under locks.
	"""
	if not is_inn(inn):
		typed = frappe.utils.escape_html(inn)
		frappe.throw(_("{0} is no tax number (INN). Check its digits.").format(typed), BadTaxNumber)
	if not find_company.is_ready():
		frappe.throw(
			_("The register of companies is not connected. Enter the key of DaData in Dealer Settings."),
			RegisterNotAsked,
		)
	key = CACHE + fold_inn(inn)
	if found := frappe.cache.get_value(key, expires=True):
		return found
	try:
		found = find_company.find_companies(fold_inn(inn))
	except ServiceError as error:
		reason = frappe.utils.escape_html(str(error))
		frappe.throw(
			_("The register of companies did not answer: {0} Enter the company by hand.").format(reason),
			RegisterNotAsked,
		)
	frappe.cache.set_value(key, found, expires_in_sec=REMEMBERED)
	return found


def take_company(deal: str, inn: str, kpp: str = "") -> str:
	"""Makes a company that was just found the customer of the deal; its name. The caller checks the right to the deal.

	`kpp` says which branch; it may be left out where there is only one. What is written comes from the register's
	answer, whoever has asked for it, not from the browser. Two at a time: the key of the tax number is locked until the
	transaction ends, so two deals of one company get one customer.
	"""
	found = frappe.cache.get_value(CACHE + fold_inn(inn), expires=True)
	company = choose(found or [], kpp)
	if not company:
		typed = frappe.utils.escape_html(inn)
		frappe.throw(_("Find the company {0} in the register first.").format(typed), RegisterNotAsked)
	return run_locked(lambda: _take(deal, company))


def choose(found: list[dict], kpp: str) -> dict | None:
	if not kpp and len(found) == 1:
		return found[0]
	return next((company for company in found if company["kpp"] == kpp), None)


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
	card = lock_card(contact)
	if not any(row.link_doctype == "Customer" and row.link_name == customer for row in card.links):
		link_contact(card, customer)


def find_customer(company: dict) -> str | None:
	"""The customer with this tax number and branch, else one whose branch nobody has written down."""
	rows = frappe.get_all("Customer", {"tax_id": company["inn"]}, ["name", "dealer_kpp"], order_by="creation")
	of_branch = [row.name for row in rows if (row.dealer_kpp or "") == company["kpp"]]
	of_none = [row.name for row in rows if not row.dealer_kpp]
	return next(iter(of_branch + of_none), None)


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
