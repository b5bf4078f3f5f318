"""A new Sales Order for a billed document, with the prices of its bill."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils import flt, nowdate

from auto_dealer.payments.billed import LINK_FIELDS
from auto_dealer.payments.rules.bill import Bill, OrderLine, order_lines

ORDER, DEAL = "Sales Order", "Auto Deal"
# Taxes that can lie within a price; others would come on top of the agreed sum.
WITHIN_PRICE = ("On Net Total", "On Previous Row Amount", "On Previous Row Total")


def make_order(doctype: str, name: str, bill: Bill, customer: str) -> Document:
	"""Unsaved. Prices hold the taxes of the company's template, so that the total is the agreed sum."""
	order = frappe.new_doc(ORDER)
	lines, rest = order_lines(bill)
	order.update(
		{
			"customer": customer,
			"company": bill.company,
			"currency": bill.currency or frappe.get_cached_value("Company", bill.company, "default_currency"),
			"transaction_date": nowdate(),
			"delivery_date": nowdate(),
			"contact_person": bill.contact,
			"ignore_pricing_rule": 1,
			"disable_rounded_total": 1,
			"ignore_default_payment_terms_template": 1,
			"apply_discount_on": "Grand Total",
			"discount_amount": flt(rest),
			LINK_FIELDS[doctype]: name,
			**links_above(doctype, name),
		}
	)
	for row in lines:
		order.append("items", item_row(row))
	add_taxes(order)
	return order


def links_above(doctype: str, name: str) -> dict[str, str]:
	"""A work order of a deal: its documents name the deal too, for who looks for them."""
	deal = deal_above(doctype, name)
	return {LINK_FIELDS[DEAL]: deal} if deal else {}


def deal_above(doctype: str, name: str) -> str | None:
	"""The deal that a work order belongs to."""
	if doctype == DEAL or not frappe.get_meta(doctype).has_field("deal"):
		return None
	return frappe.db.get_value(doctype, name, "deal")


def item_row(row: OrderLine) -> dict:
	line = row.line
	return {
		"item_code": line.item_code,
		"description": line.description,
		"qty": flt(line.qty),
		"rate": flt(row.rate),
		"price_list_rate": max(flt(line.rate), flt(row.rate)),
		"discount_amount": max(flt(line.rate) - flt(row.rate), 0),
		"warehouse": line.warehouse,
		"delivery_date": nowdate(),
	}


def add_taxes(order: Document) -> None:
	from erpnext.accounts.party import set_taxes
	from erpnext.controllers.accounts_controller import get_taxes_and_charges

	template = set_taxes(order.customer, "Customer", order.transaction_date, order.company)
	template = template or frappe.db.get_value(
		"Sales Taxes and Charges Template", {"company": order.company, "is_default": 1, "disabled": 0}
	)
	if not template:
		return
	order.taxes_and_charges = template
	for tax in get_taxes_and_charges("Sales Taxes and Charges Template", template) or []:
		if tax.get("charge_type") in WITHIN_PRICE:
			order.append("taxes", {**tax, "included_in_print_rate": 1})
