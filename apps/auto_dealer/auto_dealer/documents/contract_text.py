"""The text of a contract: the kind's own template or the one that is shipped, filled from the contract."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import frappe
from frappe.utils import cstr, flt

from auto_dealer.documents.rules.amount_words import amount_in_digits

SHIPPED = {
	"Sale": "sale",
	"Buyout": "buyout",
	"Commission": "commission",
	"Trade-in": "trade_in",
	"Service": "service",
}
LANGUAGES = ("ru", "en")


@contextlib.contextmanager
def language_of(contract) -> Iterator[None]:
	"""Translations and formats of the document's own language, whoever works with it."""
	before = frappe.local.lang
	frappe.local.lang = contract.get("language") or default_language()
	try:
		yield
	finally:
		frappe.local.lang = before


def render_text(contract) -> str:
	"""HTML; what people typed is escaped. "" for a kind without a template."""
	template = frappe.get_cached_value("Contract Kind", contract.kind, "text_template")
	with language_of(contract):
		context = text_context(contract)
		if template and template.strip():
			return frappe.render_template(template, context)
		if contract.kind not in SHIPPED:
			return ""
		return frappe.render_template(
			f"auto_dealer/templates/contracts/{SHIPPED[contract.kind]}.html", context
		)


def text_context(contract) -> dict:
	company = frappe.get_cached_doc("Company", contract.company)
	vehicle = frappe.get_doc("Auto Vehicle", contract.vehicle) if contract.vehicle else None
	amount = amount_in_digits(cstr(flt(contract.amount, 2)), contract.language, contract.currency or "")
	return {"doc": contract, "company": company, "vehicle": vehicle, "amount": amount}


def default_language() -> str:
	language = (frappe.db.get_single_value("System Settings", "language") or "ru")[:2]
	return language if language in LANGUAGES else "en"
