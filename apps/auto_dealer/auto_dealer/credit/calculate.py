"""Fills the computed fields of an application by the rules: terms, offers, affordability, economics."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from auto_dealer.credit.rules.affordability import affordability
from auto_dealer.credit.rules.annuity import (
	BadTerms,
	Payment,
	Terms,
	effective_rate,
	kopecks,
	overpayment,
	schedule,
)
from auto_dealer.credit.rules.commission import commission_of, split_commission


class TermsRefused(frappe.ValidationError):
	"""The figures of the credit contradict each other."""


def calculate(application: Document) -> None:
	"""In this order: each step reads what the steps before it computed."""
	set_currency(application)
	set_credit_sum(application)
	set_terms(application)
	for offer in application.offers:
		set_offer(application, offer)
	set_affordability(application)
	set_economics(application)


def decimal(value: object) -> Decimal:
	"""What Frappe keeps as a float, without the float's tail."""
	return Decimal(str(flt(value, 6)))


def set_currency(application: Document) -> None:
	for row in application.get_all_children():
		row.currency = application.currency


def set_credit_sum(application: Document) -> None:
	"""The car less the down payment, and the products that the credit pays for."""
	price, down = decimal(application.vehicle_price), decimal(application.down_payment)
	if down > price > 0:
		frappe.throw(_("The down payment is more than the price of the car."), TermsRefused)
	application.credit_sum = float(kopecks(max(price - down, Decimal(0)) + financed(application)))


def financed(application: Document) -> Decimal:
	return sum((decimal(row.premium) for row in application.products if row.is_financed), Decimal(0))


def set_terms(application: Document) -> None:
	"""Payment, overpayment and effective rate of the wished terms, or of the chosen offer."""
	chosen = next((offer for offer in application.offers if offer.is_chosen), None)
	months = (chosen and offer_schedule(application, chosen)) or own_schedule(application)
	if not months:
		for field in ("monthly_payment", "last_payment", "overpayment", "effective_rate"):
			application.set(field, 0)
		return
	application.monthly_payment = float(months[0].total)
	application.last_payment = float(months[-1].total)
	application.overpayment = float(overpayment(months))
	borrowed = sum((month.principal for month in months), Decimal(0))
	rate = effective_rate(borrowed - financed(application), [month.total for month in months])
	application.effective_rate = float(rate or 0)


def own_schedule(application: Document) -> list[Payment]:
	"""Of the terms that the client wishes; [] while they are not complete."""
	if not (application.credit_sum and application.term_months):
		return []
	return make_schedule(
		application.credit_sum, application.rate, application.term_months, application.balloon
	)


def offer_schedule(application: Document, offer: Document) -> list[Payment]:
	"""Of a bank's offer; [] while it names no sum or no term."""
	credit_sum = offer.approved_sum or application.credit_sum
	if not (credit_sum and offer.term_months and offer.rate is not None and offer.status == "Approved"):
		return []
	payment = offer.monthly_payment if offer.is_payment_given else None
	return make_schedule(credit_sum, offer.rate, offer.term_months, application.balloon, payment)


def make_schedule(
	credit_sum: float, rate: float, months: int, balloon: float, payment: float | None = None
) -> list[Payment]:
	terms = Terms(decimal(credit_sum), decimal(rate), int(months), decimal(balloon))
	try:
		return schedule(terms, decimal(payment) if payment else None)
	except BadTerms as error:
		frappe.throw(bad_terms_message(str(error)), TermsRefused)


def bad_terms_message(key: str) -> str:
	return {
		"sum": _("The credit sum must be more than zero."),
		"rate": _("The rate cannot be negative."),
		"term": _("The term must be 1 to 600 months."),
		"balloon": _("The balloon payment must be less than the credit sum."),
	}[key]


def set_offer(application: Document, offer: Document) -> None:
	"""Payment (unless the bank named its own), overpayment and the dealer's commission of one offer."""
	months = offer_schedule(application, offer)
	if not offer.is_payment_given:
		offer.monthly_payment = float(months[0].total) if months else 0
	offer.overpayment = float(overpayment(months)) if months else 0
	base = decimal(offer.approved_sum or application.credit_sum)
	offer.commission = float(commission_of(base, decimal(offer.commission_percent)))


def set_affordability(application: Document) -> None:
	found = affordability(
		decimal(application.monthly_payment),
		[decimal(row.monthly_amount) for row in application.incomes or ()],
		[decimal(row.monthly_payment) for row in application.debts or ()],
	)
	application.monthly_income = float(found.income)
	application.monthly_debts = float(found.debts)
	application.payment_to_income = float(found.payment_to_income or 0)
	application.debt_burden = float(found.debt_burden or 0)


def set_economics(application: Document) -> None:
	"""The commission of the chosen bank and of all products, and its split (R96)."""
	for row in application.products:
		row.commission = float(
			commission_of(decimal(row.premium), decimal(row.commission_percent), decimal(row.commission_sum))
		)
	bank = sum((decimal(offer.commission) for offer in application.offers if offer.is_chosen), Decimal(0))
	products = sum((decimal(row.commission) for row in application.products), Decimal(0))
	split = split_commission(
		[bank, products], decimal(application.specialist_share), decimal(application.manager_share)
	)
	application.bank_commission = float(bank)
	application.product_commission = float(products)
	application.total_commission = float(split.total)
	application.dealer_commission = float(split.dealer)
	application.specialist_commission = float(split.specialist)
	application.manager_commission = float(split.manager)
