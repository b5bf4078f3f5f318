"""An invoice for payment (счёт): the whole, a part as prepayment, a sum, or what is left and not asked for yet.

deal or work order ─ ensure_order ─> Sales Order ─ create_invoice ─> Payment Request ─> the client's link
                                                                      └ unpaid on its day ─> event Invoice Overdue
"""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, flt, getdate, nowdate

from auto_dealer.payments import overdue, totals
from auto_dealer.payments.billed import BillNotTaken, note
from auto_dealer.payments.debts import find_debts
from auto_dealer.payments.open_invoices import REQUEST, drop_outdated
from auto_dealer.payments.post import submit
from auto_dealer.payments.public_invoice import ensure_link
from auto_dealer.payments.rules.amounts import Debt, Decision, decide
from auto_dealer.payments.rules.bill import money
from auto_dealer.payments.sales_order import ensure_order
from auto_dealer.payments.settings import get_settings


class NothingToInvoice(BillNotTaken):
	"""The client owes nothing more, or was asked for all of it."""


def create_invoice(
	doctype: str,
	name: str,
	amount: float | None = None,
	share: float | None = None,
	is_prepayment: bool = False,
) -> str:
	"""The name of the Payment Request. `share`: a part of the agreed sum, 0.5 for a half; `amount`: a sum.

	Asked twice for the same, also at one moment, it is one invoice. Permissions are the caller's duty.
	"""
	order = ensure_order(doctype, name)
	outstanding = totals.count(doctype, name, lock=False).outstanding
	invoices = drop_outdated(doctype, name, outstanding)
	decision = decide(
		money(order.grand_total),
		outstanding,
		invoices,
		share=None if share is None else Decimal(str(share)),
		amount=None if amount is None else Decimal(str(amount)),
		is_prepayment=is_prepayment,
	)
	if decision.existing:
		return decision.existing
	refuse(decision, name, order.currency)
	debt = find_debt(doctype, name, decision.amount)
	request = submit(make_request(order, debt, decision.amount, is_prepayment))
	note(doctype, name, last_invoice=request.name)
	ensure_link(REQUEST, request.name)
	overdue.plan(request)
	return request.name


def refuse(decision: Decision, name: str, currency: str) -> None:
	if not decision.problem:
		return
	free = frappe.utils.fmt_money(decision.amount, currency=currency)
	sentences = {
		"paid": _("{0} is paid: nothing is left to invoice.").format(name),
		"asked": _("The client has invoices for all that is left to pay in {0}.").format(name),
		"much": _("No more than {0} is left to invoice.").format(free),
		"little": _("An invoice is for more than nothing."),
	}
	frappe.throw(sentences[decision.problem], NothingToInvoice, title=_("No invoice"))


def find_debt(doctype: str, name: str, amount: Decimal) -> Debt:
	"""The document of ERPNext that the invoice asks money for: the order, or what was invoiced of it already."""
	debts = find_debts(doctype, name)
	fitting = [debt for debt in debts if debt.left >= amount]
	if not debts:
		refuse(Decision(problem="paid"), name, "")
	if not fitting:
		most = max(debt.left for debt in debts)
		refuse(Decision(problem="much", amount=most), name, "")
	return fitting[-1] if fitting[-1].doctype == "Sales Order" else fitting[0]


def make_request(order: Document, debt: Debt, amount: Decimal, is_prepayment: bool) -> Document:
	"""Unsaved. No e-mail of ERPNext's own: sending is a step of its own."""
	request = frappe.new_doc(REQUEST)
	due = add_days(getdate(nowdate()), get_settings().invoice_days or 0)
	request.update(
		{
			"payment_request_type": "Inward",
			"transaction_date": nowdate(),
			"company": order.company,
			"party_type": "Customer",
			"party": order.customer,
			"party_name": order.customer_name,
			"currency": order.currency,
			"party_account_currency": order.currency,
			"grand_total": flt(amount),
			"reference_doctype": debt.doctype,
			"reference_name": debt.name,
			"subject": _("Invoice for payment", frappe.db.get_default("lang")),
			"mute_email": 1,
			"dealer_due_date": due,
			"dealer_is_prepayment": int(is_prepayment),
		}
	)
	request.flags.mute_email = True
	return request
