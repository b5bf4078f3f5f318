"""What the forms of deals and work orders ask the server about money.

Every function asks first whether the document is the user's to see or to bill; accountants who work in ERPNext's own
forms need none of them.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from auto_dealer.documents.print_document import render_html, render_pdf
from auto_dealer.documents.public_link import PRINTS
from auto_dealer.payments import close, create_invoice, invoice_process, overview, record_payment, totals
from auto_dealer.payments.billed import BillNotTaken
from auto_dealer.payments.follow_vouchers import billed_of
from auto_dealer.payments.open_invoices import REQUEST, drop_invoice
from auto_dealer.payments.public_invoice import ensure_link, revoke
from auto_dealer.payments.rights import check_bill_permission, check_money_permission, may_bill
from auto_dealer.payments.send_invoice import WAYS, billed_reference, send
from auto_dealer.payments.settings import get_settings
from auto_dealer.sales.retry import run_locked

JSON = list[dict[str, Any]] | str


@frappe.whitelist()
def get_payments(doctype: str, name: str) -> dict:
	"""Sums, invoices, payments and acts of a document that the user may read, and whether they may bill it."""
	check_money_permission(doctype, name)
	customer = frappe.db.get_value(doctype, name, "customer")
	return {
		**overview.get_overview(doctype, name),
		"client_acts": overview.get_client_acts(customer, doctype),
		"may_bill": may_bill(doctype, name),
		"prepayment_share": get_settings().prepayment_share or 50,
	}


@frappe.whitelist()
def get_ways_of_payment(doctype: str, name: str) -> list[dict]:
	"""Modes of payment for the dialog of who may take money for this document: {name, type}."""
	check_bill_permission(doctype, name)
	return frappe.get_all("Mode of Payment", {"enabled": 1}, ["name", "type"], order_by="type desc, name")


@frappe.whitelist(methods=["POST"])
def make_invoice(
	doctype: str,
	name: str,
	amount: float | str | None = None,
	share: float | str | None = None,
	is_prepayment: bool | int | str = False,
) -> dict:
	"""{invoice, amount, url}: an invoice for payment, of what is left when neither amount nor share is given.

	For who may bill the document; two clicks make one invoice.
	"""
	check_bill_permission(doctype, name)
	request = run_locked(
		lambda: create_invoice.create_invoice(
			doctype, name, _number(amount), _number(share), bool(frappe.utils.cint(is_prepayment))
		)
	)
	totals.flush()
	total = frappe.db.get_value(REQUEST, request, "grand_total")
	return {"invoice": request, "amount": total, "url": ensure_link(REQUEST, request)}


@frappe.whitelist(methods=["POST"])
def cancel_invoice(invoice: str) -> None:
	"""Takes back an invoice for payment that nobody has paid anything for. For who may bill its document."""
	check_bill_permission(*_document_of(REQUEST, invoice))
	run_locked(lambda: drop_invoice(invoice))


@frappe.whitelist(methods=["POST"])
def send_paper(doctype: str, name: str, way: str | None = None) -> str:
	"""The message by which the client gets an invoice (Payment Request) or an act (Sales Invoice).

	`way`: whatsapp, sms or email; empty: the first that works. For who may bill the document it is for.
	"""
	check_bill_permission(*_document_of(doctype, name))
	return send(doctype, name, (way,) if way else WAYS)


@frappe.whitelist(methods=["POST"])
def get_link(doctype: str, name: str) -> str:
	"""The client's address of an invoice or an act, made when there is none. For who may bill the document it is for."""
	check_bill_permission(*_document_of(doctype, name))
	return ensure_link(doctype, name)


@frappe.whitelist(methods=["POST"])
def revoke_link(doctype: str, name: str) -> None:
	"""No address of this invoice or act opens any more. For who may bill the document it is for."""
	check_bill_permission(*_document_of(doctype, name))
	revoke(doctype, name)


@frappe.whitelist(methods=["GET"])
def get_print(doctype: str, name: str) -> None:
	"""The printed invoice or act as a PDF, as HTML where the bench makes no PDF. For who may see the document's money."""
	check_money_permission(*_document_of(doctype, name))
	content = render_pdf(doctype, name, PRINTS[doctype])
	frappe.response.filename = f"{name}.{'pdf' if content else 'html'}"
	frappe.response.filecontent = content or render_html(doctype, name, PRINTS[doctype]).encode()
	frappe.response.type = "pdf" if content else "download"


@frappe.whitelist(methods=["POST"])
def confirm_payment(doctype: str, name: str, parts: JSON, invoice: str | None = None) -> dict:
	"""{payments, paid, outstanding}: money that has come, one Payment Entry for each part (R192).

	`parts`: [{"mode", "amount", "reference_no", "paid_on"}]. For who may bill the document.
	"""
	check_bill_permission(doctype, name)
	rows = record_payment.read_parts(frappe.parse_json(parts))
	entries = run_locked(lambda: record_payment.record_payment(doctype, name, rows, invoice))
	totals.flush()
	sums = frappe.db.get_value(doctype, name, ["paid_amount", "outstanding_amount"])
	return {"payments": entries, "paid": sums[0], "outstanding": sums[1]}


@frappe.whitelist(methods=["POST"])
def make_act(doctype: str, name: str, update_stock: bool | int | str = False) -> dict:
	"""{act, url}: the submitted Sales Invoice of all that was not invoiced yet (R194). For who may bill the document."""
	check_bill_permission(doctype, name)
	own_maker = frappe.get_hooks("dealer_act_makers", default={}).get(doctype)
	if own_maker:
		act = run_locked(lambda: frappe.get_attr(own_maker[-1])(name))
	else:
		act = run_locked(
			lambda: close.make_sales_invoice(doctype, name, bool(frappe.utils.cint(update_stock)))
		)
	if not act:
		frappe.throw(_("{0} has no sum yet.").format(name), BillNotTaken)
	totals.flush()
	return {"act": act, "url": ensure_link("Sales Invoice", act)}


@frappe.whitelist(methods=["POST"])
def run_invoice_process(deal: str, is_split: bool | int | str, way: str) -> dict:
	"""{invoice, url, message, stage}: the invoice of an agreed deal, sent or printed, and the deal moved on (R76-R79).

	`way`: whatsapp, sms, email or print. For who may bill the deal.
	"""
	check_bill_permission("Auto Deal", deal)
	return run_locked(lambda: invoice_process.run_process(deal, bool(frappe.utils.cint(is_split)), way))


def _document_of(doctype: str, name: str) -> tuple[str, str]:
	"""What the paper is for; a paper that is not there, and one that is for nothing of ours, are refused alike."""
	if doctype not in PRINTS or not frappe.db.exists(doctype, name):
		raise frappe.PermissionError
	doc = frappe.get_doc(doctype, name)
	if not billed_of(doc):
		raise frappe.PermissionError
	return billed_reference(doc)


def _number(value: float | str | None) -> float | None:
	return None if value in (None, "") else frappe.utils.flt(value)
