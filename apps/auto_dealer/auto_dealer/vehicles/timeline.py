"""One timeline by VIN: all that happened to a car, the newest first, as far as the user may see it.

Other domains add their events by the hook `dealer_vehicle_timeline`: functions (vehicle name) → list of events. Each
answers for the user's rights itself, by `frappe.get_list`. An event is a dictionary:

	when      date or datetime
	kind      one English word, shown translated: Deal, Contract, Owner …
	title     text
	status    text or None
	amount    number or None, with `currency`
	doctype, name   what a click opens, or None
"""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import get_datetime

CAR = "Auto Vehicle"
MOST_EVENTS = 500


def get_timeline(vehicle: str) -> list[dict]:
	"""The events of the car, the newest first, at most MOST_EVENTS. The caller has checked the right to the car."""
	events = []
	for path in frappe.get_hooks("dealer_vehicle_timeline"):
		events += frappe.get_attr(path)(vehicle)
	events = [{**event, "when": _moment(event["when"])} for event in events if event.get("when")]
	events.sort(key=lambda event: event["when"], reverse=True)
	labels = kind_labels()
	return [
		{**event, "when": str(event["when"]), "label": labels.get(event["kind"]) or _(event["kind"])}
		for event in events[:MOST_EVENTS]
	]


def kind_labels() -> dict[str, str]:
	"""The kinds of this file in the user's language."""
	return {
		"Card": _("Card of the Car"),
		"Contract": _("Contract"),
		"Deal": _("Deal"),
		"Lead": _("Lead"),
		"Mileage": _("Mileage"),
		"Owner": _("Owner"),
		"Register": _("Register of Cars"),
	}


def event(when, kind: str, title: str, **details) -> dict:
	"""An event with everything that a reader may ask for."""
	empty = {"status": None, "amount": None, "currency": None, "doctype": None, "name": None}
	return {**empty, "when": when, "kind": kind, "title": title, **details}


# -- what cars, leads, deals and contracts tell ----------------------------------------------------


def deals(vehicle: str) -> list[dict]:
	"""Deals about the car, and the enquiries that they began with."""
	fields = ["name", "title", "pipeline", "stage", "amount", "currency", "creation", "closed_at", "result"]
	rows = _list("Auto Deal", {"vehicle": vehicle}, fields)
	events = []
	for deal in rows:
		events.append(
			event(
				deal.creation,
				"Deal",
				deal.title or deal.name,
				status=f"{_(deal.pipeline)}: {_(deal.stage)}",
				amount=deal.amount,
				currency=deal.currency,
				doctype="Auto Deal",
				name=deal.name,
			)
		)
		if deal.result and deal.closed_at:
			title = _("Deal {0} is closed").format(deal.title or deal.name)
			closed = {"status": _(deal.result), "doctype": "Auto Deal", "name": deal.name}
			events.append(event(deal.closed_at, "Deal", title, **closed))
	return events + _leads([deal.name for deal in rows])


def _leads(deals: list[str]) -> list[dict]:
	"""The enquiries that became these deals or were attached to them."""
	if not deals:
		return []
	fields = ["name", "client_name", "enquiry_type", "status", "creation"]
	rows = _list("Auto Lead", {"deal": ("in", deals)}, fields)
	return [
		event(
			lead.creation,
			"Lead",
			lead.client_name or lead.name,
			status=", ".join(_(part) for part in (lead.enquiry_type, lead.status) if part),
			doctype="Auto Lead",
			name=lead.name,
		)
		for lead in rows
	]


def contracts(vehicle: str) -> list[dict]:
	fields = ["name", "number", "kind", "status", "contract_date", "client_name", "amount", "currency"]
	return [
		event(
			contract.contract_date,
			"Contract",
			" ".join(part for part in (_(contract.kind), contract.number, contract.client_name) if part),
			status=_(contract.status),
			amount=contract.amount,
			currency=contract.currency,
			doctype="Dealer Contract",
			name=contract.name,
		)
		for contract in _list("Dealer Contract", {"vehicle": vehicle}, fields)
	]


def card(vehicle: str) -> list[dict]:
	"""Owners, mileage, and the car's way into and out of the register, from its own card."""
	car = frappe.get_doc(CAR, vehicle)
	events = [event(car.creation, "Card", _("The car's card is made"), doctype=CAR, name=car.name)]
	events += _owners(car)
	for row in car.mileage_log:
		reading = _("{0} km").format(row.mileage)
		events.append(event(row.reading_date, "Mileage", reading, status=row.source or row.reason))
	if car.acquired_on:
		events.append(_register_event(car.acquired_on, _("Taken into the register"), car.acquired_in))
	if car.sold_on:
		events.append(_register_event(car.sold_on, _("Sold"), car.sold_in))
	return events


def _owners(car) -> list[dict]:
	"""Names of those owners whose card the user may read; of the others only that there was one."""
	contacts = [row.contact for row in car.owners if row.contact]
	names = (
		{
			row.name: row.full_name or row.name
			for row in _list("Contact", {"name": ("in", contacts)}, ["name", "full_name"])
		}
		if contacts
		else {}
	)
	events = []
	for row in car.owners:
		owner = names.get(row.contact) or (row.contact and _("another client")) or row.customer
		if row.from_date:
			events.append(event(row.from_date, "Owner", _("New owner: {0}").format(owner)))
		if row.to_date:
			events.append(event(row.to_date, "Owner", _("No longer the owner: {0}").format(owner)))
	return events


def _register_event(when, title: str, deal: str | None) -> dict:
	may_open = bool(deal) and frappe.has_permission("Auto Deal", "read", doc=deal)
	return event(when, "Register", title, **({"doctype": "Auto Deal", "name": deal} if may_open else {}))


def _list(doctype: str, filters: dict, fields: list[str]) -> list[frappe._dict]:
	"""Rows that the user may see; none where the role does not reach."""
	if not frappe.has_permission(doctype, "read"):
		return []
	return frappe.get_list(doctype, filters, fields, limit=MOST_EVENTS, order_by="creation desc")


def _moment(when) -> datetime:
	"""A day without a time is its end, so that what was written down later that day does not stand above it."""
	moment = get_datetime(when)
	is_day = not isinstance(when, datetime) and len(str(when)) == len("2026-01-01")
	return moment + timedelta(hours=23, minutes=59, seconds=59) if is_day else moment
