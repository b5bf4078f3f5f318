"""How invoices are made here, and who the seller is in printed documents."""

from __future__ import annotations

import re

import frappe
from frappe import _

SETTINGS = "Dealer Payment Settings"
# What a bank's payment order and the QR code of an invoice need: field → its digits.
DIGITS = {
	"tax_id": (10, 12),
	"tax_reason_code": (9,),
	"bank_code": (9,),
	"settlement_account": (20,),
	"correspondent_account": (20,),
}
RUSSIA = "Russian Federation"


class WrongRequisites(frappe.ValidationError):
	"""A number in the seller's requisites has not as many digits as it must have."""


def get_settings():
	return frappe.get_cached_doc(SETTINGS)


def check_settings(settings) -> None:
	"""Requisites as Russian banks read them; elsewhere they are written as they are."""
	if settings.prepayment_share and not 0 < settings.prepayment_share < 100:
		frappe.throw(_("A prepayment is more than nothing and less than everything."), WrongRequisites)
	company = dealer_company()
	if not company or frappe.get_cached_value("Company", company, "country") != RUSSIA:
		return
	for field, lengths in DIGITS.items():
		value = re.sub(r"\s", "", settings.get(field) or "")
		settings.set(field, value or None)
		if value and (not value.isdigit() or len(value) not in lengths):
			frappe.throw(
				_("{0} has {1} digits.").format(
					_(settings.meta.get_label(field)), " / ".join(map(str, lengths))
				),
				WrongRequisites,
			)


def dealer_company() -> str | None:
	return frappe.get_cached_doc("Dealer Settings").company or frappe.db.get_default("company")


def get_seller(company: str) -> frappe._dict:
	"""Who is paid, for prints: what the settings leave empty is taken from the company."""
	settings, own = get_settings(), frappe.get_cached_doc("Company", company)
	return frappe._dict(
		name=settings.seller_name or own.company_name,
		tax_id=settings.tax_id or own.tax_id,
		tax_reason_code=settings.tax_reason_code,
		address=settings.seller_address or frappe.utils.strip_html(own.registration_details or ""),
		phone=settings.seller_phone or own.phone_no,
		bank_name=settings.bank_name,
		bank_code=settings.bank_code,
		account=settings.settlement_account,
		correspondent_account=settings.correspondent_account,
		director=settings.director,
		accountant=settings.accountant,
		logo=own.company_logo,
	)
