"""A deal that needs credit and names its specialist gets its application, once (R88), and the specialist is told (R89)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.credit.events import note
from auto_dealer.credit.rules.stages import FINAL
from auto_dealer.credit.tell_specialist import assign, release

DOCTYPE = "Credit Application"
SAVEPOINT = "dealer_credit_application"
WATCHED = ("needs_credit", "credit_specialist")


def after_deal_change(deal: Document, before: Document | None = None) -> None:
	"""After every save of a deal; asks nothing of the database unless credit or its specialist has just changed."""
	if not (deal.needs_credit and deal.credit_specialist):
		return
	if before and all(before.get(field) == deal.get(field) for field in WATCHED):
		return
	open_application(deal)


def open_application(deal: Document) -> str:
	"""The name of the deal's application; made when there is none, handed over when the specialist changed.

	Two saves at a time: the deal's row is locked by its save, and `deal` is unique. No locking read asks for what is
	not there: its gap lock would make deals that get their applications at one time deadlock.
	"""
	name = frappe.db.get_value(DOCTYPE, {"deal": deal.name}) or create_application(deal)
	if not name:
		# Made by somebody else since this transaction began: a locking read sees it.
		name = frappe.db.get_value(DOCTYPE, {"deal": deal.name}, for_update=True)
	hand_over(name, deal.credit_specialist)
	return name


def create_application(deal: Document) -> str | None:
	"""Inserted and assigned; None when the deal has one already."""
	application = make_application(deal)
	frappe.db.savepoint(SAVEPOINT)
	try:
		# The manager who asks for credit has no right to make applications; the deal's own rights were checked.
		application.insert(ignore_permissions=True)
	except frappe.UniqueValidationError:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		return None
	assign(application)
	return application.name


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


def hand_over(name: str, specialist: str) -> None:
	"""Gives an open application to another specialist; the former one's task goes."""
	if frappe.db.get_value(DOCTYPE, name, "specialist") == specialist:
		return
	application = frappe.get_doc(DOCTYPE, name, for_update=True)
	if application.specialist == specialist or application.stage in FINAL:
		return
	release(application)
	application.specialist = specialist
	application.flags.by_use_case = True
	note(application, _("Handed over to another specialist"))
	# As above: the manager names the specialist on the deal, which they may change.
	application.save(ignore_permissions=True)
	assign(application)
