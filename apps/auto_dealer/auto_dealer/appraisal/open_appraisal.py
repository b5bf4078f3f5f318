"""The deal's appraisal: made once, when the deal says that one is needed and names the appraiser (R99)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.appraisal.car_fields import CAR, SHARED
from auto_dealer.appraisal.events import note
from auto_dealer.appraisal.rules.stages import FINAL
from auto_dealer.sales.specialist_document import SpecialistDocument

DOCTYPE = "Vehicle Appraisal"
# Deals whose car is the one that the client offers; the car of a sale is the dealer's own.
OFFERING = ("Buyout", "Commission")


def make_appraisal(deal: Document) -> Document:
	"""Unsaved, with what is known of the client's car."""
	appraisal = frappe.new_doc(DOCTYPE)
	appraisal.update(
		{
			"deal": deal.name,
			"title": deal.title,
			"appraiser": deal.appraiser,
			"client_name": deal.client_name,
			"currency": deal.currency,
			**car_of(deal),
		}
	)
	return appraisal


def car_of(deal: Document) -> dict:
	"""The card of the car that the client offers, as far as the dealer knows it."""
	vehicle = offered_vehicle(deal)
	if not vehicle:
		return wished_car(deal) if is_offering(deal) else {}
	car = frappe.db.get_value(CAR, vehicle, [*SHARED, "mileage"], as_dict=True)
	return {"vehicle": vehicle, **{field: value for field, value in car.items() if value}}


def offered_vehicle(deal: Document) -> str | None:
	"""A sale's trade-in, a buyout's or commission's car, else the client's car when it is the only one."""
	if deal.get("trade_in_vehicle"):
		return deal.trade_in_vehicle
	if is_offering(deal):
		return deal.vehicle
	owned = frappe.get_all(
		CAR, {"owner_contact": deal.contact, "ownership": "Client"}, pluck="name", limit=2, order_by=None
	)
	return owned[0] if len(owned) == 1 else None


def is_offering(deal: Document) -> bool:
	return frappe.get_cached_value("Deal Pipeline", deal.pipeline, "deal_kind") in OFFERING


def wished_car(deal: Document) -> dict:
	"""What a buyout's deal says about the car before it has a card."""
	row = next(iter(deal.get("vehicle_of_interest") or ()), None)
	return {"make": row.make, "model": row.model, "year": row.year_from} if row else {}


def note_hand_over(appraisal: Document) -> None:
	note(appraisal, _("Handed over to another appraiser"))


def task_text(appraisal: Document) -> str:
	return _("Appraisal {0}: {1}").format(appraisal.name, frappe.utils.escape_html(appraisal.title))


APPRAISAL = SpecialistDocument(
	doctype=DOCTYPE,
	need="needs_appraisal",
	chosen="appraiser",
	person="appraiser",
	final_stages=tuple(FINAL),
	make=make_appraisal,
	task_text=task_text,
	bell_text=lambda doc: _("New appraisal: {0}").format(frappe.utils.escape_html(doc.title)),
	note_hand_over=note_hand_over,
)


def after_deal_change(deal: Document, before: Document | None = None) -> None:
	"""After every save of a deal (hook `dealer_deal_changed`)."""
	APPRAISAL.after_deal_change(deal, before)
