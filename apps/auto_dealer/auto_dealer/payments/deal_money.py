"""The money on a deal's card: nobody types it, and a saved form does not bring back what it was."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from auto_dealer.payments import totals
from auto_dealer.payments.billed import OWNED


class AmountIsInvoiced(frappe.ValidationError):
	"""The client has an invoice for this sum: a credit note comes first."""


def keep(deal: Document, before: Document | None) -> None:
	"""Before every save; asks nothing of the database unless the sum of a deal with an order changes."""
	for field in OWNED:
		deal.set(field, before.get(field) if before else None)
	if not before:
		deal.paid_amount, deal.outstanding_amount = 0, deal.amount or 0
		return
	change = flt(deal.amount, 2) - flt(before.amount, 2)
	if not change:
		return
	if deal.sales_order:
		check_not_invoiced(deal)
	deal.outstanding_amount = flt(before.outstanding_amount) + change


def follow(deal: Document, before: Document | None = None) -> None:
	"""After every save (hook `dealer_deal_changed`): a deal with an order whose sum changed is counted anew."""
	if deal.sales_order and before and flt(deal.amount, 2) != flt(before.amount, 2):
		totals.mark(deal.doctype, deal.name)


def check_not_invoiced(deal: Document) -> None:
	invoiced = frappe.get_all(
		"Sales Invoice",
		{"dealer_deal": deal.name, "docstatus": 1},
		["sum(grand_total) as total"],
		order_by=None,
	)[0].total
	if flt(invoiced, 2) > 0:
		frappe.throw(
			_("{0} is invoiced already. Make a credit note before you change the sum.").format(deal.name),
			AmountIsInvoiced,
			title=_("The sum stays as it is"),
		)
