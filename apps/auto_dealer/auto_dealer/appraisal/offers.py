"""The history of offers: who named which price when; what was said is not rewritten."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import nowdate

from auto_dealer.appraisal.rules.stages import AGREED
from auto_dealer.robots.clock import now

OURS = "Our Offer"
SAID = ("kind", "price", "offered_at", "offered_by")


class OfferRewritten(frappe.ValidationError):
	"""A price of the history was changed or taken out."""


def check_offers(appraisal: Document, before: Document | None) -> None:
	"""New rows get their time and author, old ones keep price, kind, time and author."""
	known = {row.name: row for row in before.offers} if before else {}
	if lost := set(known) - {row.name for row in appraisal.offers}:
		refuse(known[sorted(lost)[0]])
	for row in appraisal.offers:
		if not (old := known.get(row.name)):
			row.update({"offered_at": now(), "offered_by": frappe.session.user})
		elif (old.kind, old.price) != (row.kind, row.price):
			refuse(old)
		else:
			row.update({field: old.get(field) for field in SAID})
	set_prices(appraisal)


def set_prices(appraisal: Document) -> None:
	"""Our last offer; the accepted price is the agreed one unless another was typed."""
	ours = [row.price for row in appraisal.offers if row.kind == OURS]
	appraisal.offered_price = ours[-1] if ours else 0
	if appraisal.stage != AGREED:
		return
	accepted = [row.price for row in appraisal.offers if row.answer == "Accepted"]
	appraisal.agreed_price = appraisal.agreed_price or (accepted[-1] if accepted else 0)
	appraisal.agreed_on = appraisal.agreed_on or nowdate()


def refuse(row: Document) -> None:
	frappe.throw(
		_("Offers stay as they were made. Add a new row instead of changing row {0}.").format(row.idx),
		OfferRewritten,
	)
