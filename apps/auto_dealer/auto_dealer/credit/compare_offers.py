"""The table of banks' offers with the best value of each criterion marked (R97)."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils import getdate, nowdate

from auto_dealer.credit.calculate import decimal
from auto_dealer.credit.rules.offers import CRITERIA, Offer, best_by_criterion, is_open

SHOWN = ("name", "bank", "status", "is_chosen", *CRITERIA, "sent_at", "answered_at", "attempts", "last_error")


def compare_offers(application: Document) -> list[dict]:
	"""All offers in their order: the shown values, `best` (criteria in which it is the best), `is_open`."""
	today = getdate(nowdate())
	offers = [make_offer(row) for row in application.offers]
	best = best_by_criterion(offers, today)
	return [
		{
			**{field: row.get(field) for field in SHOWN},
			"best": [criterion for criterion in CRITERIA if offer.key in best[criterion]],
			"is_open": is_open(offer, today),
		}
		for row, offer in zip(application.offers, offers, strict=True)
	]


def make_offer(row: Document) -> Offer:
	"""A zero that only means "not known" is None; a rate of zero is a rate."""
	return Offer(
		key=row.name,
		status=row.status,
		rate=decimal(row.rate),
		monthly_payment=decimal(row.monthly_payment) if row.monthly_payment else None,
		overpayment=decimal(row.overpayment) if row.monthly_payment else None,
		approved_sum=decimal(row.approved_sum) if row.approved_sum else None,
		term_months=row.term_months or None,
		valid_until=getdate(row.valid_until) if row.valid_until else None,
		commission=decimal(row.commission) if row.commission else None,
	)


def get_offers(application: str) -> list[dict]:
	return compare_offers(frappe.get_doc("Credit Application", application))
