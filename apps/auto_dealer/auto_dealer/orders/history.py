"""What the workshop did: in a car's timeline, and on the deal of its client. As far as the session's user may read it."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.vehicles.timeline import event

ORDER, BOOKING, DEFERRED = "Service Work Order", "Service Booking", "Deferred Work"
LATEST = 20
MOST_EVENTS = 100
ORDER_FIELDS = (
	*("name", "creation", "opened_at", "handed_over_at", "stage", "vehicle_title", "vin", "mileage"),
	*("complaint", "total", "approved_total", "currency", "won_back_total"),
)


def timeline(vehicle: str) -> list[dict]:
	"""Hook `dealer_vehicle_timeline`: orders with their works, bookings, works that were put off."""
	return [*_order_events(vehicle), *_booking_events(vehicle), *_deferred_events(vehicle)]


def of_client(contact: str | None, customer: str | None, vehicles: list[str]) -> dict:
	"""Hook `dealer_client_card`: {work_orders, bookings} of the client and of the client's cars, the newest first."""
	return {
		"work_orders": _orders_of_client(contact, customer, vehicles),
		"bookings": _bookings_of_client(contact, customer, vehicles),
	}


def _orders_of_client(contact: str | None, customer: str | None, vehicles: list[str]) -> list[dict]:
	rows = _list(ORDER, ORDER_FIELDS, _whose(contact, customer, vehicles), "creation desc")
	works = _works_of([row.name for row in rows])
	return [
		{**row, "works": works.get(row.name, []), "total": row.approved_total or row.total} for row in rows
	]


def _bookings_of_client(contact: str | None, customer: str | None, vehicles: list[str]) -> list[dict]:
	fields = ("name", "start", "status", "services", "vehicle_title", "vin")
	return _list(BOOKING, fields, _whose(contact, customer, vehicles), "start desc")


def _whose(contact: str | None, customer: str | None, vehicles: list[str]) -> list[list]:
	ways = [["contact", "=", contact], ["customer", "=", customer]]
	ways = [way for way in ways if way[2]]
	return [*ways, ["vehicle", "in", vehicles]] if vehicles else ways


def _list(doctype: str, fields: tuple[str, ...], ways: list[list], order_by: str) -> list[frappe._dict]:
	if not ways or not frappe.has_permission(doctype, "read"):
		return []
	return frappe.get_list(doctype, fields=list(fields), or_filters=ways, order_by=order_by, limit=LATEST)


def _works_of(orders: list[str]) -> dict[str, list[str]]:
	"""Titles of the works that were not declined."""
	found: dict[str, list[str]] = {}
	filters = {"parent": ("in", orders or [""]), "parenttype": ORDER, "approval": ("!=", "Declined")}
	for row in frappe.get_all("Work Order Labour", filters, ["parent", "description"], order_by="idx"):
		found.setdefault(row.parent, []).append(row.description)
	return found


# -- the car's timeline ----------------------------------------------------------------------------


def _order_events(vehicle: str) -> list[dict]:
	if not frappe.has_permission(ORDER, "read"):
		return []
	rows = frappe.get_list(
		ORDER,
		filters={"vehicle": vehicle},
		fields=list(ORDER_FIELDS),
		limit=MOST_EVENTS,
		order_by="creation desc",
	)
	works = _works_of([row.name for row in rows])
	events = []
	for row in rows:
		details = {"doctype": ORDER, "name": row.name}
		said = "; ".join(works.get(row.name, [])) or row.complaint
		title = f"{row.name}: {said}" if said else row.name
		events.append(
			event(
				row.opened_at or row.creation,
				_("Work Order"),
				title,
				status=_(row.stage, context=ORDER),
				amount=row.approved_total or row.total,
				currency=row.currency,
				**details,
			)
		)
		if row.handed_over_at:
			handed = _("The car is handed over after the works")
			events.append(event(row.handed_over_at, _("Work Order"), f"{row.name}: {handed}", **details))
	return events


def _booking_events(vehicle: str) -> list[dict]:
	if not frappe.has_permission(BOOKING, "read"):
		return []
	rows = frappe.get_list(
		BOOKING,
		filters={"vehicle": vehicle},
		fields=["name", "start", "status", "services"],
		limit=MOST_EVENTS,
		order_by="start desc",
	)
	return [
		event(
			row.start,
			_("Booking"),
			row.services or row.name,
			status=_(row.status, context=BOOKING),
			doctype=BOOKING,
			name=row.name,
		)
		for row in rows
	]


def _deferred_events(vehicle: str) -> list[dict]:
	if not frappe.has_permission(DEFERRED, "read"):
		return []
	fields = [
		"name",
		"description",
		"status",
		"creation",
		"amount",
		"currency",
		"won_back_on",
		"won_back_amount",
	]
	rows = frappe.get_list(DEFERRED, filters={"vehicle": vehicle}, fields=fields, limit=MOST_EVENTS)
	return [
		event(
			row.creation,
			_("Deferred Work"),
			row.description,
			status=_(row.status, context=DEFERRED),
			amount=row.amount,
			currency=row.currency,
			doctype=DEFERRED,
			name=row.name,
		)
		for row in rows
	]
