"""What tax invoices, universal transfer documents and waybills say; called by their Jinja templates (hook `jinja`).

The forms follow Russian practice: the tax invoice that of the government's decree 1137, the universal transfer document
the tax service's letter MMB-20-3/96, the waybill TORG-12. Codes of units are those of OKEI.
"""

from __future__ import annotations

import json
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import formatdate

from auto_dealer.documents.rules.amount_words import amount_in_digits
from auto_dealer.payments.print_values import get_buyer, in_words
from auto_dealer.payments.rules.bill import money
from auto_dealer.payments.rules.tax_lines import TaxedLine, fit_total, split_tax, total_of
from auto_dealer.payments.settings import get_seller

# ERPNext's unit → code and sign of OKEI.
UNITS = {
	"Nos": ("796", "шт"),
	"Unit": ("796", "шт"),
	"Pair": ("715", "пар"),
	"Set": ("839", "компл"),
	"Hour": ("356", "ч"),
	"Minute": ("355", "мин"),
	"Litre": ("112", "л"),
	"Kg": ("166", "кг"),
	"Gram": ("163", "г"),
	"Meter": ("006", "м"),
	"Percent": ("744", "%"),
}
# Name and number of a currency by the all-Russian classifier.
CURRENCIES = {"RUB": ("Российский рубль", "643"), "USD": ("Доллар США", "840"), "EUR": ("Евро", "978")}


def dealer_transfer_values(doc: Document) -> frappe._dict:
	"""Of a Sales Invoice or a Delivery Note; sums are digits in the print's language."""
	rows = [row for row in doc.items if row.qty]
	lines = split_tax(_net_sums(doc, rows), _taxes_by_item(doc))
	currency, code = CURRENCIES.get(doc.currency, (doc.currency, ""))
	total = total_of(lines)
	return frappe._dict(
		seller=get_seller(doc.company),
		buyer=_buyer(doc),
		number=doc.name,
		date=formatdate(doc.posting_date, "dd.MM.yyyy"),
		currency=currency,
		currency_code=code,
		has_tax=any(line.rate is not None for line in lines),
		lines=[_line(row, line) for row, line in zip(rows, lines, strict=True)],
		total=_sums(total),
		qty=f"{sum(abs(row.qty) for row in rows):g}",
		amount_in_words=in_words(float(total.gross), doc.currency),
		basis=_basis(doc),
		payments=_payments(doc),
	)


def _key(row: Document) -> str:
	return row.item_code or row.item_name


def _net_sums(doc: Document, rows: list[Document]) -> list[tuple[str, Decimal]]:
	"""(item, sum without tax) of each line. Where tax lies within the price, ERPNext's net and tax miss the total by a
	hundredth; the form has to add up to what the client pays and to the tax that is booked."""
	shares = {str(number): abs(row.net_amount) for number, row in enumerate(rows)}
	booked = money(abs(doc.grand_total or 0)) - money(abs(doc.total_taxes_and_charges or 0))
	fitted = fit_total(shares, booked if doc.grand_total else sum(map(money, shares.values())))
	return [(_key(row), fitted[str(number)]) for number, row in enumerate(rows)]


def _taxes_by_item(doc: Document) -> dict[str, tuple[float, Decimal]]:
	"""Item → (percent, sum), all taxes of the document together."""
	found: dict[str, tuple[float, Decimal]] = {}
	for tax in doc.taxes:
		detail = json.loads(tax.item_wise_tax_detail or "{}")
		shares = {item: abs(amount) for item, (_rate, amount) in detail.items()}
		booked = tax.tax_amount_after_discount_amount
		for item, amount in fit_total(shares, abs(booked) if booked else sum(shares.values())).items():
			rate, before = found.get(item, (0, Decimal(0)))
			found[item] = (rate + detail[item][0], before + amount)
	return found


def _buyer(doc: Document) -> frappe._dict:
	buyer = get_buyer(doc)
	buyer.consignee = frappe.utils.strip_html(doc.get("shipping_address") or "") or buyer.address
	return buyer


def _line(row: Document, line: TaxedLine) -> frappe._dict:
	code, sign = _unit(row.uom or "")
	qty = abs(row.qty)
	return frappe._dict(
		title=frappe.utils.strip_html(row.description or row.item_name or ""),
		code=row.item_code or "",
		serial_no=row.get("serial_no") or "",
		unit_code=code,
		unit=sign,
		qty=f"{qty:g}",
		price=_number(float(line.net) / qty),
		rate=f"{line.rate.normalize():f}%" if line.rate is not None else "",
		**_sums(line),
	)


def _unit(uom: str) -> tuple[str, str]:
	"""A site set up in another language calls ERPNext's units in that language."""
	found = (unit for name, unit in UNITS.items() if uom in (name, frappe._(name, "ru"), frappe._(name)))
	return next(found, ("", frappe._(uom)))


def _sums(line: TaxedLine) -> dict[str, str]:
	return {"net": _number(line.net), "tax": _number(line.tax), "gross": _number(line.gross)}


def _number(value: Decimal | float) -> str:
	"""Without a currency: the form names it once."""
	return amount_in_digits(float(value), frappe.local.lang[:2], "").strip()


def _basis(doc: Document) -> str:
	"""Order or deal that goods and works are handed over by."""
	orders = dict.fromkeys(row.get("sales_order") or row.get("against_sales_order") for row in doc.items)
	return ", ".join(filter(None, orders)) or doc.get("po_no") or ""


def _payments(doc: Document) -> str:
	"""Payment orders of the advances: number and day."""
	names = [row.reference_name for row in doc.get("advances") or () if row.reference_type == "Payment Entry"]
	entries = frappe.get_all(
		"Payment Entry",
		{"name": ("in", names)},
		["name", "reference_no", "reference_date", "posting_date"],
		order_by="posting_date, name",
	)
	return ", ".join(
		f"№ {entry.reference_no or entry.name} {formatdate(entry.reference_date or entry.posting_date, 'dd.MM.yyyy')}"
		for entry in entries
	)
