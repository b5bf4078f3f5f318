"""What an order repeats of its client and car, so that lists, prints and the client's page need no other document."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

CAR = "Auto Vehicle"


def fill_client(order: Document) -> None:
	"""From the deal and the contact, where the order says nothing itself."""
	if order.deal and not order.contact:
		deal = frappe.db.get_value(
			"Auto Deal", order.deal, ["contact", "customer", "client_name", "phone", "email"], as_dict=True
		)
		_fill(order, deal or {})
	if not order.contact:
		return
	contact = frappe.db.get_value(
		"Contact",
		order.contact,
		["full_name", "mobile_no", "phone", "email_id", "dealer_client_kind"],
		as_dict=True,
	)
	if contact:
		known = {
			"client_name": contact.full_name,
			"phone": contact.mobile_no or contact.phone,
			"email": contact.email_id,
			"client_kind": contact.dealer_client_kind,
		}
		if order.has_value_changed("contact") and not order.is_new():
			order.update(known)
		_fill(order, known)


def fill_car(order: Document) -> None:
	"""Its title, VIN and plate; the owner is the client when nobody else is named."""
	if not order.vehicle:
		order.vehicle_title = order.vin = order.licence_plate = None
		return
	fields = ["title", "vin", "licence_plate", "frame_number", "make", "model", "year", "owner_contact"]
	car = frappe.db.get_value(CAR, order.vehicle, fields, as_dict=True)
	if not car:
		return
	# The card's title ends with plate and VIN, which stand beside it here.
	name = " ".join(str(part) for part in (car.model or car.make, car.year or None) if part)
	order.vehicle_title = name or car.title
	order.vin, order.licence_plate = car.vin or car.frame_number, car.licence_plate
	if not order.contact and car.owner_contact:
		order.contact = car.owner_contact
		fill_client(order)


def set_title(order: Document) -> None:
	order.title = " — ".join(filter(None, (order.client_name, order.vehicle_title))) or order.name


def _fill(order: Document, values: dict) -> None:
	for field, value in values.items():
		if value and not order.get(field):
			order.set(field, value)
