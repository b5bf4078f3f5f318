"""What the deal shows about its appraisal (R100), and what the appraisal shows of its calculation."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.appraisal.calculate import value
from auto_dealer.appraisal.rules import valuation as rules
from auto_dealer.appraisal.use_price import SALE

DOCTYPE = "Vehicle Appraisal"
STATUS = ("name", "stage", "last_event", "last_event_at", "appraiser", "buyout_deal", "is_trade_in")
PRICES = (
	*("recommended_price", "offered_price", "agreed_price", "client_price", "reconditioning_cost"),
	*("market_price", "currency", "make", "model", "year", "mileage", "vin"),
)


def get_state(deal: str) -> dict | None:
	"""Status and prices of the deal's appraisal, None without one. The caller has checked the deal.

	Prices are for those who may read appraisals at all.
	"""
	fields = list(STATUS)
	if may_read := frappe.has_permission(DOCTYPE, "read"):
		fields += PRICES
	state = frappe.db.get_value(DOCTYPE, {"deal": deal}, fields, as_dict=True)
	if not state:
		return None
	state.may_open = bool(may_read)
	pipeline = frappe.db.get_value("Auto Deal", deal, "pipeline")
	state.is_sale = frappe.get_cached_value("Deal Pipeline", pipeline, "deal_kind") == SALE
	return state


def get_calculation(appraisal: Document) -> dict:
	"""{lines: [{label, amount, is_total}], warnings: [text], offers: [{title, price, adjusted, factors}]}."""
	valuation = value(appraisal)
	lines = [
		{
			"label": line_label(line, len(valuation.adjusted)),
			"amount": float(line.amount),
			"is_total": line.kind in (rules.MARKET, rules.BUY),
		}
		for line in valuation.lines
	]
	return {
		"lines": lines,
		"warnings": [warning_text(code, len(valuation.adjusted)) for code in valuation.warnings],
		"offers": [offer_line(appraisal, offer) for offer in valuation.adjusted],
		"currency": appraisal.currency,
	}


def line_label(line: rules.Line, offers: int) -> str:
	labels = {
		rules.MARKET: _("Market price: the median of {0} offers brought to our car").format(offers),
		rules.MARGIN: _("Target margin, {0} %").format(f"{float(line.percent or 0):g}"),
		rules.PREPARATION: _("Preparation in All"),
		rules.COSTS: _("Costs of Sale"),
		rules.ROUNDING: _("Rounding"),
		rules.BUY: _("Recommended Buy Price"),
	}
	return labels[line.kind]


def warning_text(code: str, offers: int) -> str:
	if code == rules.FEW_OFFERS:
		return _("Only {0} offers on the market are counted: the price is doubtful.").format(offers)
	return _("At this margin the car is not worth buying.")


def offer_line(appraisal: Document, offer: rules.Adjusted) -> dict:
	"""How one offer was brought to our car; the factors as percents."""
	row = next(row for row in appraisal.comparables if str(row.idx) == offer.key)
	return {
		"title": row.title,
		"price": row.price,
		"adjusted": float(offer.price),
		"bargain": percent(offer.bargain),
		"age": percent(offer.age),
		"mileage": percent(offer.mileage),
	}


def percent(factor) -> float:
	return float(round((factor - 1) * 100, 1))
