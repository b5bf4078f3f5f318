"""The commission agent's report to the owner: sold for how much, the agent's fee, what is to be paid out."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from auto_dealer.documents.contract_text import language_of
from auto_dealer.documents.rules.amount_words import amount_in_digits, amount_in_words
from auto_dealer.documents.rules.commission import settle
from auto_dealer.documents.rules.contract_states import EXECUTED, SIGNED

COMMISSION = "Commission"


class BadCommission(frappe.ValidationError):
	"""The terms of a commission contract, or the price of the sale, are impossible."""


def check_terms(contract: Document) -> None:
	"""Terms stand in commission contracts only; what the owner gets is computed, never typed."""
	if contract.kind != COMMISSION:
		for field in ("commission_percent", "commission_amount", "sold_amount", "payable_to_owner"):
			contract.set(field, 0)
		contract.sold_on = None
		return
	if not 0 <= flt(contract.commission_percent) <= 100 or flt(contract.commission_amount) < 0:
		frappe.throw(_("A fee is between nothing and the whole price."), BadCommission)
	if flt(contract.sold_amount) < 0:
		frappe.throw(_("A price is more than nothing."), BadCommission)
	sale = find_sale(contract)
	contract.payable_to_owner = float(_settle(contract, sale).payable) if sale else 0


def find_sale(contract: Document) -> frappe._dict | None:
	"""{amount, sold_on, number}: as typed into the contract, else the signed sale of the same car after it."""
	if flt(contract.sold_amount):
		return frappe._dict(amount=contract.sold_amount, sold_on=contract.sold_on, number="")
	if not contract.vehicle:
		return None
	sales = frappe.get_all(
		"Dealer Contract",
		{
			"kind": "Sale",
			"vehicle": contract.vehicle,
			"company": contract.company,
			"status": ("in", (SIGNED, EXECUTED)),
			"contract_date": (">=", contract.contract_date),
		},
		["amount", "signed_on as sold_on", "number"],
		order_by="contract_date, creation",
		limit=1,
	)
	return sales[0] if sales else None


def dealer_commission_values(doc: Document) -> frappe._dict:
	"""What the printed report says (hook `jinja`); `is_sold` False before the sale."""
	sale = find_sale(doc)
	if not sale:
		return frappe._dict(is_sold=False)
	settlement = _settle(doc, sale)
	sums = {
		"agreed": doc.amount,
		"sold": settlement.sold,
		"fee": settlement.fee,
		"payable": settlement.payable,
	}
	with language_of(doc):
		shown = {
			name: amount_in_digits(float(value or 0), doc.language, doc.currency or "")
			for name, value in sums.items()
		}
	return frappe._dict(
		is_sold=True,
		sold_on=sale.sold_on,
		sale_number=sale.number,
		percent="" if flt(doc.commission_amount) else f"{flt(doc.commission_percent):g}%",
		payable_in_words=amount_in_words(float(settlement.payable), doc.language, doc.currency or ""),
		**shown,
	)


def _settle(contract: Document, sale: frappe._dict):
	return settle(sale.amount, contract.commission_percent, contract.commission_amount)
