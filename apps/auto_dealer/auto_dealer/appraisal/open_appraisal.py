"""The deal's appraisal: made once, when the deal says that one is needed and names the appraiser (R99)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.appraisal.car_fields import CAR, SHARED
from auto_dealer.appraisal.events import note
from auto_dealer.appraisal.rules.stages import FINAL
from auto_dealer.appraisal.tell_appraiser import assign, release

DOCTYPE = "Vehicle Appraisal"
SAVEPOINT = "dealer_vehicle_appraisal"
WATCHED = ("needs_appraisal", "appraiser")
# Deals whose car is the one that the client offers; the car of a sale is the dealer's own.
OFFERING = ("Buyout", "Commission")


def after_deal_change(deal: Document, before: Document | None = None) -> None:
	"""After every save of a deal; asks nothing of the database unless the need or the appraiser has just changed."""
	if not (deal.needs_appraisal and deal.appraiser):
		return
	if before and all(before.get(field) == deal.get(field) for field in WATCHED):
		return
	open_appraisal(deal)


def open_appraisal(deal: Document) -> str:
	"""The name of the deal's appraisal; made when there is none, handed over when the appraiser changed.

	Two saves at a time: the deal's row is locked by its save, and `deal` is unique. No locking read asks for what is
	not there: its gap lock would make deals that get their appraisals at one time deadlock.
	"""
	name = frappe.db.get_value(DOCTYPE, {"deal": deal.name}) or create_appraisal(deal)
	if not name:
		# Made by somebody else since this transaction began: a locking read sees it.
		name = frappe.db.get_value(DOCTYPE, {"deal": deal.name}, for_update=True)
	hand_over(name, deal.appraiser)
	return name


def create_appraisal(deal: Document) -> str | None:
	"""Inserted and assigned; None when the deal has one already."""
	appraisal = make_appraisal(deal)
	frappe.db.savepoint(SAVEPOINT)
	try:
		# The manager who asks for it has no right to make appraisals; the deal's own rights were checked.
		appraisal.insert(ignore_permissions=True)
	except frappe.UniqueValidationError:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		return None
	assign(appraisal)
	return appraisal.name


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


def hand_over(name: str, appraiser: str) -> None:
	"""Gives an open appraisal to another appraiser; the former one's task goes."""
	if frappe.db.get_value(DOCTYPE, name, "appraiser") == appraiser:
		return
	appraisal = frappe.get_doc(DOCTYPE, name, for_update=True)
	if appraisal.appraiser == appraiser or appraisal.stage in FINAL:
		return
	release(appraisal)
	appraisal.appraiser = appraiser
	appraisal.flags.by_use_case = True
	note(appraisal, _("Handed over to another appraiser"))
	# As above: the manager names the appraiser on the deal, which they may change.
	appraisal.save(ignore_permissions=True)
	assign(appraisal)
