"""A person confirms that money has come: cash desk, card or bank, in one part or several (R192)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate, nowdate

from auto_dealer.payments import totals
from auto_dealer.payments.debts import find_debts
from auto_dealer.payments.open_invoices import find_open
from auto_dealer.payments.post import submit
from auto_dealer.payments.rules.amounts import OpenInvoice, allocate
from auto_dealer.payments.rules.bill import money
from auto_dealer.payments.sales_order import ensure_order


class PaymentRefused(frappe.ValidationError):
	"""The payment cannot be written down as it was typed; the message says why."""


@dataclass(frozen=True)
class Part:
	"""Money that came one way. `reference_no`: of the bank's paper or the card's slip; `account`: where it lies, when
	that is known better than by the way."""

	mode: str
	amount: Decimal
	reference_no: str | None = None
	paid_on: str | None = None
	account: str | None = None


def record_payment(doctype: str, name: str, parts: list[Part], invoice: str | None = None) -> list[str]:
	"""The names of the Payment Entries, one for each part. `invoice`: the Payment Request that is paid first.

	Nothing is written when one of the parts is refused. Permissions are the caller's duty.
	"""
	order = ensure_order(doctype, name)
	check_parts(parts, order, totals.count(doctype, name, lock=False).outstanding)
	entries = [record_part(doctype, name, order, part, invoice).name for part in parts]
	totals.mark(doctype, name)
	return entries


def check_parts(parts: list[Part], order: Document, outstanding: Decimal) -> None:
	if not parts or any(part.amount <= 0 for part in parts):
		frappe.throw(_("A payment is more than nothing."), PaymentRefused)
	if (asked := sum((part.amount for part in parts), Decimal(0))) > outstanding:
		frappe.throw(
			_("{0} is more than the client owes: {1}.").format(
				frappe.utils.fmt_money(asked, currency=order.currency),
				frappe.utils.fmt_money(max(outstanding, Decimal(0)), currency=order.currency),
			),
			PaymentRefused,
			title=_("The payment is not written down"),
		)
	if any(part.paid_on and getdate(part.paid_on) > getdate(nowdate()) for part in parts):
		frappe.throw(_("A payment that has come has a date that has come."), PaymentRefused)


def record_part(doctype: str, name: str, order: Document, part: Part, invoice: str | None) -> Document:
	invoices = put_first(find_open(doctype, name), invoice)
	rows = allocate(part.amount, find_debts(doctype, name), invoices)
	if sum((row.amount for row in rows), Decimal(0)) < part.amount:
		frappe.throw(
			_("ERPNext has no document that would take {0}.").format(flt(part.amount)), PaymentRefused
		)
	entry = make_entry(order, part)
	for row in rows:
		entry.append(
			"references",
			{
				"reference_doctype": row.doctype,
				"reference_name": row.name,
				"allocated_amount": flt(row.amount),
				"payment_request": row.invoice,
			},
		)
	return submit(entry)


def put_first(invoices: list[OpenInvoice], name: str | None) -> list[OpenInvoice]:
	return sorted(invoices, key=lambda invoice: invoice.name != name)


def make_entry(order: Document, part: Part) -> Document:
	"""Unsaved, without what it pays for."""
	from erpnext.accounts.party import get_party_account

	entry = frappe.new_doc("Payment Entry")
	entry.update(
		{
			"payment_type": "Receive",
			"company": order.company,
			"posting_date": part.paid_on or nowdate(),
			"mode_of_payment": part.mode,
			"party_type": "Customer",
			"party": order.customer,
			"paid_from": get_party_account("Customer", order.customer, order.company),
			"paid_to": part.account or account_of(part.mode, order.company),
			"paid_amount": flt(part.amount),
			"received_amount": flt(part.amount),
			"source_exchange_rate": 1,
			"target_exchange_rate": 1,
			"reference_no": part.reference_no or (None if is_cash(part.mode) else order.name),
			"reference_date": part.paid_on or nowdate(),
		}
	)
	return entry


def is_cash(mode: str) -> bool:
	"""ERPNext wants a number for whatever goes through a bank."""
	return frappe.db.get_value("Mode of Payment", mode, "type") == "Cash"


def account_of(mode: str, company: str) -> str:
	"""The account that money of this kind comes to: of the mode, else the company's own bank or cash account."""
	kind = frappe.db.get_value("Mode of Payment", {"name": mode, "enabled": 1}, "type")
	if not kind:
		frappe.throw(_("There is no way of payment {0}.").format(mode), PaymentRefused)
	account = frappe.db.get_value(
		"Mode of Payment Account", {"parent": mode, "company": company}, "default_account"
	)
	field = "default_cash_account" if kind == "Cash" else "default_bank_account"
	account = account or frappe.get_cached_value("Company", company, field)
	if not account:
		frappe.throw(
			_("Name the account of {0} for {1}: Mode of Payment, Accounts.").format(_(mode), company),
			PaymentRefused,
		)
	return account


def read_parts(rows: list[dict[str, Any]]) -> list[Part]:
	"""From what a dialog sends: `[{"mode", "amount", "reference_no", "paid_on"}]`."""
	return [
		Part(
			mode=str(row.get("mode") or ""),
			amount=money(row.get("amount")),
			reference_no=(row.get("reference_no") or "").strip() or None,
			paid_on=row.get("paid_on") or None,
		)
		for row in rows
	]
