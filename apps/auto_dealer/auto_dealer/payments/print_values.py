"""What the printed invoice and act say; called by their Jinja templates (hook `jinja`)."""

from __future__ import annotations

import re

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, formatdate

from auto_dealer.documents.rules.amount_words import amount_in_digits, amount_in_words
from auto_dealer.payments.rules.bank_qr import bank_qr_text
from auto_dealer.payments.rules.bill import money
from auto_dealer.payments.settings import get_seller, get_settings

# Units of ERPNext for what is counted; sites in other languages have them under translated names.
PIECES = ("Nos", "Unit")


def dealer_invoice_values(doc: Document) -> frappe._dict:
	"""Of a Payment Request: seller, buyer, lines of what it is for, sums in digits and words, the bank's QR code."""
	source = frappe.get_doc(doc.reference_doctype, doc.reference_name)
	seller = get_seller(doc.company)
	purpose = _("Invoice No. {0} of {1}").format(doc.name, formatdate(doc.transaction_date, "dd.MM.yyyy"))
	total = source.get("rounded_total") or source.grand_total
	return frappe._dict(
		seller=seller,
		buyer=get_buyer(source),
		lines=source.items,
		discount=discount_of(source),
		vat=vat_of(source),
		total=digits(total, doc.currency),
		amount=digits(doc.grand_total, doc.currency),
		amount_in_words=in_words(doc.grand_total, doc.currency),
		is_part=flt(doc.grand_total, 2) != flt(total, 2),
		note=get_settings().invoice_note,
		qr=qr_image(bank_qr_text(seller, money(doc.grand_total), purpose)),
	)


def dealer_act_values(doc: Document) -> frappe._dict:
	"""Of a Sales Invoice: the same for the act of completed works."""
	total = doc.get("rounded_total") or doc.grand_total
	return frappe._dict(
		seller=get_seller(doc.company),
		buyer=get_buyer(doc),
		lines=doc.items,
		discount=discount_of(doc),
		vat=vat_of(doc),
		total=digits(abs(total), doc.currency),
		amount_in_words=in_words(abs(total), doc.currency),
	)


def dealer_digits(value: float, currency: str) -> str:
	return digits(value, currency)


def get_buyer(source: Document) -> frappe._dict:
	"""Of a company by its tax number: what the register says of it, unless the document has an address of its own."""
	fields = ["customer_name", "tax_id", "mobile_no", "dealer_kpp", "dealer_legal_address"]
	customer = frappe.db.get_value("Customer", source.customer, fields, as_dict=True)
	address = frappe.utils.strip_html(source.get("address_display") or "")
	return frappe._dict(
		name=customer.customer_name,
		tax_id=customer.tax_id,
		tax_reason_code=customer.dealer_kpp,
		phone=source.get("contact_mobile") or customer.mobile_no,
		address=address or customer.dealer_legal_address or "",
	)


def vat_of(source: Document) -> list[frappe._dict]:
	"""The taxes within the total; none is said to be none."""
	return [
		frappe._dict(
			label=tax_label(tax), amount=digits(abs(tax.tax_amount_after_discount_amount), source.currency)
		)
		for tax in source.taxes
		if tax.tax_amount_after_discount_amount
	]


def tax_label(tax: Document) -> str:
	"""ERPNext describes a tax as "VAT 18% @ 18.0"."""
	if any(word in (tax.description or "") for word in ("VAT", "НДС")) and tax.rate:
		return _("VAT {0} %").format(f"{flt(tax.rate):g}")
	return re.sub(r"\s*@.*$", "", frappe.utils.strip_html(tax.description or ""))


def dealer_unit(uom: str | None) -> str:
	"""Pieces as people write them; other units by their names."""
	pieces = {name for unit in PIECES for name in (unit, _(unit))}
	return _("pcs") if uom in pieces else _(uom or "")


def discount_of(source: Document) -> str:
	return digits(source.discount_amount, source.currency) if flt(source.discount_amount, 2) else ""


def digits(value: float, currency: str) -> str:
	return amount_in_digits(flt(value, 2), frappe.local.lang[:2], currency)


def in_words(value: float, currency: str) -> str:
	return amount_in_words(flt(value, 2), frappe.local.lang[:2], currency)


def qr_image(text: str) -> str:
	"""A data address for an <img>; "" without text."""
	if not text:
		return ""
	import pyqrcode

	code = pyqrcode.create(text, error="M", encoding="utf-8")
	return f"data:image/png;base64,{code.png_as_base64_str(scale=4, quiet_zone=2)}"
