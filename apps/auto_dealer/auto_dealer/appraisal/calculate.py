"""Fills the computed fields of an appraisal by the rules, and gives the calculation line by line."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import flt

from auto_dealer.appraisal.rules.valuation import (
	Car,
	Comparable,
	Policy,
	Valuation,
	reconditioning_cost,
	value_car,
)


def calculate(appraisal: Document) -> Valuation:
	"""Preparation, adjusted offers, market and buy price."""
	for row in appraisal.get_all_children():
		if row.meta.has_field("currency"):
			row.currency = appraisal.currency
	repairs = [decimal(row.repair_cost) for row in appraisal.damages]
	appraisal.damage_cost = float(sum(repairs, Decimal(0)))
	appraisal.reconditioning_cost = float(reconditioning_cost(repairs, decimal(appraisal.other_preparation)))
	valuation = value(appraisal)
	prices = {offer.key: offer.price for offer in valuation.adjusted}
	for row in appraisal.comparables:
		row.adjusted_price = float(prices.get(str(row.idx), 0))
	appraisal.market_price = float(valuation.market or 0)
	appraisal.recommended_price = float(valuation.buy or 0)
	return valuation


def value(appraisal: Document) -> Valuation:
	"""The valuation of the appraisal as it stands."""
	return value_car(
		Car(appraisal.year or None, appraisal.mileage or None),
		[
			Comparable(
				key=str(row.idx),
				price=decimal(row.price),
				year=row.year or None,
				mileage=row.mileage or None,
				is_excluded=bool(row.is_excluded),
			)
			for row in appraisal.comparables
		],
		decimal(appraisal.reconditioning_cost),
		policy_of(appraisal),
	)


def policy_of(appraisal: Document) -> Policy:
	"""The dealer's rules; margin and costs as this appraisal has them."""
	settings = frappe.get_cached_doc("Appraisal Settings")
	return Policy(
		target_margin=decimal(appraisal.target_margin),
		bargain=decimal(settings.bargain),
		mileage_percent=decimal(settings.mileage_adjustment),
		year_percent=decimal(settings.year_adjustment),
		fixed_costs=decimal(appraisal.fixed_costs),
		round_to=Decimal(settings.round_to or 0),
		least_comparables=settings.least_comparables or 0,
	)


def decimal(number: object) -> Decimal:
	"""What Frappe keeps as a float, without the float's tail."""
	return Decimal(str(flt(number, 6)))
