"""A work order from a booking or a deal, once; from a walk-in by the form."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.booking.change_status import change_status
from auto_dealer.booking.rules.status import AHEAD, ARRIVED
from auto_dealer.orders.rules.stages import CANCELLED
from auto_dealer.workshop.offering_plan import plan

DOCTYPE = "Service Work Order"
BOOKING = "Service Booking"
CLOSED_BOOKING = ("Cancelled", "No-show")


class NothingToOpen(frappe.ValidationError):
	"""A booking that is cancelled has no work order."""


def from_booking(booking: str) -> str:
	"""The booking's order, made now if there is none. The caller checks the right to the booking and to orders.

	Two clicks at a time: the booking's row is locked, and `booking` is unique.
	"""
	doc = frappe.get_doc(BOOKING, booking, for_update=True)
	if name := frappe.db.get_value(DOCTYPE, {"booking": booking}, for_update=True):
		return name
	if doc.status in CLOSED_BOOKING:
		frappe.throw(_("The booking {0} is cancelled.").format(doc.name), NothingToOpen)
	order = frappe.new_doc(DOCTYPE)
	order.flags.by_use_case = True
	order.update(
		{
			"booking": doc.name,
			"deal": doc.deal,
			"contact": doc.contact,
			"customer": doc.customer,
			"client_name": doc.client_name,
			"phone": doc.phone,
			"email": doc.email,
			"vehicle": doc.vehicle,
			"complaint": doc.comment,
			"promised_at": doc.end,
		}
	)
	add_offerings(order, [row.offering for row in doc.offerings], mechanic_of(doc))
	order.insert()
	arrive(doc)
	return order.name


def from_deal(deal: str) -> str:
	"""The open order of the deal's client and car, made now if the deal has none that is open."""
	doc = frappe.get_doc("Auto Deal", deal, for_update=True)
	filters = {"deal": deal, "stage": ("not in", ("Closed", CANCELLED))}
	if name := frappe.db.get_value(DOCTYPE, filters, order_by="creation"):
		return name
	order = frappe.new_doc(DOCTYPE)
	order.update(
		{
			"deal": doc.name,
			"contact": doc.contact,
			"customer": doc.customer,
			"client_name": doc.client_name,
			"phone": doc.phone,
			"email": doc.email,
			"vehicle": doc.vehicle,
			"complaint": doc.get("comment") or doc.get("description"),
		}
	)
	return order.insert().name


def add_offerings(order: Document, offerings: list[str], mechanic: str | None = None) -> None:
	"""Works and parts of services, by the norms for the car and the prices for the client; the caller saves."""
	if not offerings:
		return
	planned = plan(offerings, order.vehicle, order.contact)
	for offering in offerings:
		order.append("offerings", {"offering": offering})
	for work in planned.labour:
		# A fixed price need not be hours × rate to the kopeck.
		is_fixed = (work.hours * work.rate).quantize(work.amount) != work.amount or is_fixed_price(
			work.offering
		)
		order.append(
			"labour",
			{
				"operation": work.operation,
				"description": work.title,
				"hours": float(work.hours),
				"rate": 0 if is_fixed else float(work.rate),
				"fixed_price": float(work.amount) if is_fixed else 0,
				"mechanic": mechanic,
				"offering": work.offering,
				"hours_explanation": explanation_of(work, planned.explanations),
			},
		)
	for part in planned.parts:
		order.append(
			"parts",
			{
				"item": part.item,
				"qty": float(part.qty),
				"rate": float(part.rate),
				"source": "Stock",
				"offering": part.offering,
			},
		)


def is_fixed_price(offering: str | None) -> bool:
	return bool(offering) and frappe.get_cached_value("Service Offering", offering, "price_kind") == "Fixed"


def explanation_of(work, notes: list[str]) -> str | None:
	start = f"{work.offering} — {work.operation}: "
	return next((note.removeprefix(start) for note in notes if note.startswith(start)), None)


def mechanic_of(booking: Document) -> str | None:
	"""The user of the mechanic whose time the booking takes."""
	names = [row.resource for row in booking.resources]
	if not names:
		return None
	return frappe.db.get_value(
		"Service Resource",
		{"name": ("in", names), "resource_kind": "Mechanic", "user": ("is", "set")},
		"user",
	)


def arrive(booking: Document) -> None:
	"""The client is here: a booking that was only ahead has arrived."""
	if booking.status in AHEAD:
		change_status(booking.name, ARRIVED)
