"""The guided way from the client's consent to the agreed sum to waiting for the car (R76-R79).

split in half? ─> invoice ─> e-mail, SMS, WhatsApp or printed by the manager ─> "All OK, waiting for the car" ─> move
"""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.payments.billed import BillNotTaken
from auto_dealer.payments.create_invoice import create_invoice
from auto_dealer.payments.open_invoices import REQUEST, drop_untouched
from auto_dealer.payments.public_invoice import ensure_link
from auto_dealer.payments.rules.bill import money
from auto_dealer.payments.sales_order import ensure_order
from auto_dealer.payments.send_invoice import WAYS, send
from auto_dealer.payments.settings import get_settings
from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.pipelines.move_deal import move_deal
from auto_dealer.robots.effects.notify_staff import notify

DEAL = "Auto Deal"
# The stage where the sum is agreed: from here the process goes on to the next one.
AGREEMENT = "Agreement"
PRINTED = "print"


class ProcessNotHere(BillNotTaken):
	"""The process starts in the stage where the sum is agreed."""


def run_process(deal: str, is_split: bool, way: str) -> dict:
	"""`{invoice, url, message, stage}`. `way`: one of WAYS, or "print" when the manager hands the invoice over.

	An invoice that was made before and that nobody has paid is replaced when it was for another sum.
	One transaction: a gate that refuses the move leaves no invoice and no message. Permissions are the caller's duty.
	"""
	if way not in (*WAYS, PRINTED):
		frappe.throw(_("There is no such way to the client: {0}").format(way), ProcessNotHere)
	next_stage = find_next_stage(deal)
	share = (get_settings().prepayment_share or 50) / 100 if is_split else None
	order = ensure_order(DEAL, deal)
	drop_untouched(DEAL, deal, money(order.grand_total * (share or 1)), is_split)
	invoice = create_invoice(DEAL, deal, share=share, is_prepayment=is_split)
	message = send(REQUEST, invoice, (way,)) if way != PRINTED else None
	finish(deal, next_stage)
	return {
		"invoice": invoice,
		"url": ensure_link(REQUEST, invoice),
		"message": message,
		"stage": next_stage,
	}


def find_next_stage(deal: str) -> str:
	"""The open stage after the agreement in the deal's pipeline."""
	pipeline_name, stage = frappe.db.get_value(DEAL, deal, ["pipeline", "stage"])
	stages = [row for row in load(pipeline_name).stages if row.is_enabled]
	names = [row.name for row in stages]
	if stage != AGREEMENT or AGREEMENT not in names:
		frappe.throw(_("The invoice process starts in the stage {0}.").format(_(AGREEMENT)), ProcessNotHere)
	following = stages[names.index(AGREEMENT) + 1 :]
	target = next((row.name for row in following if row.is_open), None)
	if not target:
		frappe.throw(_("The pipeline has no open stage after {0}.").format(_(AGREEMENT)), ProcessNotHere)
	return target


def finish(deal: str, next_stage: str) -> None:
	"""The manager is told, and the deal goes on."""
	doc = move_deal(deal, next_stage)
	user = doc.responsible or frappe.session.user
	language = frappe.get_cached_value("User", user, "language") or frappe.db.get_default("lang")
	subject = _("{0}: all OK, {1}", language).format(
		frappe.utils.escape_html(doc.title or doc.name), _(next_stage, language).lower()
	)
	notify(user, subject, "", doc)
