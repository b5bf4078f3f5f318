"""A deal that needs credit and names its specialist gets its application, once (R88), and the specialist is told (R89)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.credit.events import note
from auto_dealer.credit.rules.stages import FINAL
from auto_dealer.sales.specialist_document import SpecialistDocument

DOCTYPE = "Credit Application"


def make_application(deal: Document) -> Document:
	"""Unsaved, with what the deal knows about client and car (R91, R92)."""
	application = frappe.new_doc(DOCTYPE)
	application.update(
		{
			"deal": deal.name,
			"title": deal.title,
			"specialist": deal.credit_specialist,
			"currency": deal.currency,
			"borrower_name": deal.client_name,
			"phone": deal.phone,
			"email": deal.email,
			"vehicle_price": deal.amount,
			**car_of(deal),
		}
	)
	return application


def car_of(deal: Document) -> dict:
	"""The car of the deal, else the first one that the client is interested in."""
	if deal.vehicle:
		car = frappe.db.get_value(
			"Auto Vehicle", deal.vehicle, ["vin", "year", "mileage", "title"], as_dict=True
		)
		return {
			"vehicle": deal.vehicle,
			"vehicle_title": deal.vehicle_title or car.title,
			"vin": car.vin,
			"vehicle_year": car.year,
			"mileage": car.mileage,
		}
	wish = next(iter(deal.vehicle_of_interest or ()), None)
	wished = " ".join(filter(None, (wish.make, wish.model))) if wish else None
	return {"vehicle_title": deal.vehicle_title or wished}


def note_hand_over(application: Document) -> None:
	note(application, _("Handed over to another specialist"))


APPLICATION = SpecialistDocument(
	doctype=DOCTYPE,
	need="needs_credit",
	chosen="credit_specialist",
	person="specialist",
	final_stages=tuple(FINAL),
	make=make_application,
	task_text=lambda doc: _("Credit application {0}: {1}").format(doc.name, doc.title),
	bell_text=lambda doc: _("New credit application: {0}").format(doc.title),
	note_hand_over=note_hand_over,
)


def after_deal_change(deal: Document, before: Document | None = None) -> None:
	"""After every save of a deal (hook `dealer_deal_changed`)."""
	APPLICATION.after_deal_change(deal, before)
