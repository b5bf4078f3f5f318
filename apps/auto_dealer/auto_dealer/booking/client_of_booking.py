"""Who comes, with which car: taken from the deal, the client's card and the register."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.clients.find_contact import find_or_create_contact
from auto_dealer.vehicles.rules.plate import fold_plate
from auto_dealer.vehicles.rules.vin import fold_vin

FROM_DEAL = ("contact", "customer", "client_name", "phone", "email", "client_kind", "vehicle")
WHOSE = ("contact", "client_name", "phone", "email", "deal")
WHICH = ("vehicle", "vin", "licence_plate", "make", "model", "vehicle_title")


def fill_client(booking: Document, before: Document | None) -> None:
	"""The contact by phone or e-mail, made when there is none; name and phone from the contact."""
	if before and all((booking.get(field) or None) == (before.get(field) or None) for field in WHOSE):
		return
	if booking.deal and (not before or before.deal != booking.deal):
		_fill_from_deal(booking)
	if not booking.contact and (booking.phone or booking.email or booking.client_name):
		booking.contact = find_or_create_contact(booking.client_name, booking.phone, booking.email)
	if not booking.contact:
		frappe.throw(_("Who is booked? State a name and a phone."), frappe.MandatoryError)
	_fill_from_contact(booking)


def _fill_from_deal(booking: Document) -> None:
	"""For those who may read the deal: a booking is no way around its rights."""
	if not booking.flags.ignore_permissions:
		frappe.has_permission("Auto Deal", "read", doc=booking.deal, throw=True)
	deal = frappe.db.get_value("Auto Deal", booking.deal, FROM_DEAL, as_dict=True) or {}
	for field, value in deal.items():
		if not booking.get(field):
			booking.set(field, value)


def _fill_from_contact(booking: Document) -> None:
	fields = ["full_name", "mobile_no", "phone", "email_id", "dealer_client_kind"]
	contact = frappe.db.get_value("Contact", booking.contact, fields, as_dict=True)
	if not contact:
		return
	booking.client_name = booking.client_name or contact.full_name
	if not booking.flags.ignore_permissions and not frappe.has_permission(
		"Contact", "read", doc=booking.contact
	):
		return
	booking.phone = booking.phone or contact.mobile_no or contact.phone
	booking.email = booking.email or contact.email_id
	booking.client_kind = booking.client_kind or contact.dealer_client_kind


def fill_vehicle(booking: Document, before: Document | None) -> None:
	"""The car of the register by VIN or plate; its title, make and model. A car that is not there stays as typed."""
	if before and all((booking.get(field) or None) == (before.get(field) or None) for field in WHICH):
		return
	booking.vin = fold_vin(booking.vin) or None if booking.vin else None
	if not booking.vehicle:
		booking.vehicle = _find_vehicle(booking.vin, booking.licence_plate)
	if booking.vehicle:
		fields = ["title", "vin", "licence_plate", "make", "model"]
		car = frappe.db.get_value("Auto Vehicle", booking.vehicle, fields, as_dict=True)
		if not car:
			return
		booking.update({"vehicle_title": car.title, "vin": car.vin, "make": car.make, "model": car.model})
		booking.licence_plate = car.licence_plate or booking.licence_plate
	elif not booking.vehicle_title:
		booking.vehicle_title = booking.model or booking.make


def _find_vehicle(vin: str | None, plate: str | None) -> str | None:
	if vin and (found := frappe.db.get_value("Auto Vehicle", {"vin": vin})):
		return found
	folded = fold_plate(plate) if plate else None
	return frappe.db.get_value("Auto Vehicle", {"plate_folded": folded}) if folded else None
