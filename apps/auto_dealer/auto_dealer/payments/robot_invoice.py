"""Effect of the robots' action Create Invoice: what is left to pay, or a part of the sum, sent by itself (R188)."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.payments import totals
from auto_dealer.payments.billed import billed_doctypes
from auto_dealer.payments.create_invoice import NothingToInvoice, create_invoice
from auto_dealer.payments.open_invoices import REQUEST
from auto_dealer.payments.send_invoice import NoWayToClient, send
from auto_dealer.robots.effects.message_client import WAYS


class NotBilled(frappe.ValidationError):
	"""The robot's document type is not billed."""


def run(robot, doc, params: dict, run) -> list[str]:
	"""`invoice_share`: the part of the sum in percent, empty for all that is left. Nothing left to pay is no failure.

	A client who cannot be reached keeps the invoice: a person hands it over.
	"""
	if doc.doctype not in billed_doctypes():
		frappe.throw(_("{0} is not billed.").format(_(doc.doctype)), NotBilled)
	percent = frappe.utils.flt(params.get("invoice_share"))
	try:
		invoice = create_invoice(
			doc.doctype, doc.name, share=percent / 100 if percent else None, is_prepayment=bool(percent)
		)
	except NothingToInvoice as reason:
		frappe.clear_last_message()
		return [str(reason)]
	totals.flush()
	made = [_("{0} {1}").format(_(REQUEST), invoice)]
	if params.get("send_by") not in WAYS:
		return made
	frappe.db.savepoint("dealer_send_invoice")
	try:
		return [*made, f"Client Message {send(REQUEST, invoice, WAYS[params['send_by']])}"]
	except NoWayToClient as reason:
		frappe.db.rollback(save_point="dealer_send_invoice")
		frappe.clear_last_message()
		return [*made, str(reason)]
