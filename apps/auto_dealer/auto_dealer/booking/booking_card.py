"""The life of a booking: what its controller calls, in the order of Frappe's events."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from auto_dealer.booking import reminders, take_time
from auto_dealer.booking.booking_settings import get_settings
from auto_dealer.booking.client_of_booking import fill_client, fill_vehicle
from auto_dealer.booking.demand import Demand
from auto_dealer.booking.errors import BookingClosed, PartsMissing, StatusRefused, TakenTimeIsNotEdited
from auto_dealer.booking.parts_ready import ready_day
from auto_dealer.booking.rules.status import AHEAD, ARRIVED, CLOSED, CONFIRMED, REQUESTED, can_move
from auto_dealer.permissions.deny_delete import deny, deny_rename
from auto_dealer.robots.fire import fire
from auto_dealer.sales.company_currency import company_currency

DOCTYPE = "Service Booking"
PORTAL = "Portal"
# Written here only; what a browser sends for them is put back.
KEPT = (
	*("end", "planned_minutes", "buffer_minutes", "price", "currency", "services", "explanation", "title"),
	*("confirmed_at", "arrived_at", "closed_at", "moved_count", "parts_from"),
	*("created_with_link", "link_key", "request_key", "source"),
)


def set_name(booking: Document) -> None:
	"""`B-000001`, from a database sequence that locks nobody."""
	booking.name = f"B-{frappe.db.get_next_sequence_val(DOCTYPE):06d}"


def fill_new(booking: Document) -> None:
	"""Before the first save: who answers for it, what only use cases may say."""
	if not booking.flags.by_use_case:
		booking.update({"created_with_link": 0, "link_key": None, "moved_count": 0})
		if booking.source == PORTAL:
			booking.source = "Staff"
	if not booking.responsible and booking.source != PORTAL and frappe.session.user != "Guest":
		booking.responsible = frappe.session.user


def check(booking: Document) -> None:
	"""Every save: client and car, state, then the time."""
	before = booking.get_doc_before_save()
	if before and not booking.flags.by_use_case:
		booking.update({field: before.get(field) for field in KEPT})
	fill_client(booking, before)
	fill_vehicle(booking, before)
	check_status(booking, before)
	if demand := take_time.decide(booking, before):
		set_plan(booking, demand)
		check_parts(booking, demand)
	if before and get_datetime(booking.start) != before.start:
		booking.moved_count = (before.moved_count or 0) + 1
	booking.services = ", ".join(row.offering for row in booking.offerings)[:240]
	booking.title = " · ".join(
		filter(None, (booking.client_name or booking.phone, booking.vehicle_title or booking.services))
	)[:140]


def check_status(booking: Document, before: Document | None) -> None:
	"""Only along the ways of `rules.status`; the moments are noted."""
	if not before:
		booking.confirmed_at = now_datetime() if booking.status == CONFIRMED else None
		return
	if booking.status == before.status:
		if booking.status in CLOSED and take_time.is_changed(booking, before):
			frappe.throw(_("This booking is closed: {0}.").format(_(booking.status)), BookingClosed)
		return
	if not can_move(before.status, booking.status):
		frappe.throw(
			_("A booking does not go from {0} to {1}.").format(_(before.status), _(booking.status)),
			StatusRefused,
		)
	if booking.status == CONFIRMED:
		booking.confirmed_at = now_datetime()
	if booking.status == ARRIVED:
		booking.arrived_at = now_datetime()
	booking.closed_at = now_datetime() if booking.status in CLOSED else None


def set_plan(booking: Document, demand: Demand) -> None:
	"""Lengths and prices are those of the catalogue and the norms, never the browser's."""
	booking.duration_minutes = demand.minutes
	booking.planned_minutes = demand.planned_minutes
	booking.buffer_minutes = demand.buffer_minutes
	booking.price, booking.currency = demand.plan.price, company_currency()
	booking.explanation = "\n".join(demand.plan.explanations)
	for row in booking.offerings:
		lines = [line for line in demand.plan.labour if line.offering == row.offering]
		parts = [part for part in demand.plan.parts if part.offering == row.offering]
		row.price = sum((line.amount for line in (*lines, *parts)), Decimal(0))
		stated = frappe.get_cached_value("Service Offering", row.offering, "duration_minutes")
		row.minutes = stated or round(sum((line.hours for line in lines), Decimal(0)) * 60)


def check_parts(booking: Document, demand: Demand) -> None:
	"""A client is not booked before the parts are there; staff are told and decide."""
	booking.parts_from = None
	if not demand.plan.parts or not get_settings().is_parts_aware or booking.status not in AHEAD:
		return
	ready = ready_day(demand.plan.parts, booking.name)
	booking.parts_from = ready.day
	if ready.day and ready.day <= booking.start.date():
		return
	parts = ", ".join(ready.missing)
	text = (
		_("Parts are missing until {0}: {1}.").format(frappe.format(ready.day, "Date"), parts)
		if ready.day
		else _("Parts are neither in stock nor ordered: {0}.").format(parts)
	)
	if booking.source == PORTAL:
		frappe.throw(text, PartsMissing)
	frappe.msgprint(text, indicator="orange", alert=True)


def record_change(booking: Document) -> None:
	"""After every save: the time is written down, reminders follow, robots see it."""
	before = booking.get_doc_before_save()
	take_time.keep(booking)
	reminders.follow(booking, before)
	fire(booking, before)


def before_delete(booking: Document) -> None:
	deny(booking)
	take_time.free(booking)
	reminders.cancel(booking.name)


def before_rename(booking: Document, old: str, new: str, merge: bool = False) -> None:
	deny_rename(booking, "before_rename", old, new, merge)


def refuse_loose_row(row: Document) -> None:
	"""A row of the table of resources cannot be written without its booking."""
	frappe.throw(_("Change the booking itself: its save takes and frees the time."), TakenTimeIsNotEdited)


def first_status(source: str) -> str:
	"""What a client books is confirmed by people, unless the dealer has set otherwise."""
	return REQUESTED if source == PORTAL and not get_settings().is_confirmed_at_once else CONFIRMED


def add_indexes() -> None:
	"""For the calendar, the lists and the history of a car or a client."""
	frappe.db.add_index(DOCTYPE, ["start", "status"], "dealer_start")
	frappe.db.add_index(DOCTYPE, ["status", "start"], "dealer_status")
	for field in ("contact", "customer", "vehicle", "deal", "vin", "phone"):
		frappe.db.add_index(DOCTYPE, [field], f"dealer_{field}")
	frappe.db.add_index("Service Booking Resource", ["resource", "start"], "dealer_resource")
	frappe.db.add_index("Service Booking Offering", ["offering"], "dealer_offering")
