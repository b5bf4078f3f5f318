"""/booking/<token>: one booking, for whoever has its link."""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import get_datetime, get_url, now_datetime

from auto_dealer.booking.booking_settings import get_settings as get_booking_settings
from auto_dealer.booking.links import find_booking
from auto_dealer.booking.rules.status import AHEAD, CANCELLED, CONFIRMED, REQUESTED
from auto_dealer.portal.answer import Download, Page, not_found
from auto_dealer.portal.book_page import slot_texts
from auto_dealer.portal.moments import moment_text, with_zone
from auto_dealer.portal.money import money_text
from auto_dealer.portal.offered_services import duration_text
from auto_dealer.portal.rules.calendar_file import Appointment, make_calendar
from auto_dealer.portal.shell import dealer_name, get_settings

FIELDS = (
	*(
		"name",
		"status",
		"start",
		"end",
		"duration_minutes",
		"source",
		"client_name",
		"vehicle",
		"vehicle_title",
	),
	*("services", "price", "currency", "moved_count", "modified"),
)


def show(token: str) -> Page:
	booking = read_booking(token)
	if not booking:
		return not_found()
	return Page(
		"booking",
		{
			"title": _("Your booking"),
			"booking": describe(booking),
			"token": token,
			"can": what_may_be_done(booking),
			"just_made": frappe.form_dict.get("made") == "1",
			"data": {"token": token, "texts": {**slot_texts(), "moving": _("Moving…")}},
		},
	)


def read_booking(token: str) -> frappe._dict | None:
	"""What the page may show; None for a wrong, revoked or old link alike."""
	name = find_booking(token)
	if not name:
		return None
	booking = frappe.db.get_value("Service Booking", name, FIELDS, as_dict=True)
	booking.offerings = frappe.get_all(
		"Service Booking Offering", {"parent": name}, pluck="offering", order_by="idx"
	)
	return booking


def describe(booking: frappe._dict) -> dict[str, object]:
	"""Nothing that a stranger who typed another one's plate or phone into the form would learn by it."""
	is_strangers = booking.source == "Portal" and booking.vehicle
	return {
		"name": booking.name,
		"status": _(booking.status, context="Service Booking"),
		"tone": {CONFIRMED: "good", CANCELLED: "bad", "No-show": "bad"}.get(booking.status, ""),
		"is_waiting": booking.status == REQUESTED,
		"is_cancelled": booking.status == CANCELLED,
		"when": moment_text(booking.start),
		"services": [_(name) for name in booking.offerings],
		"duration": duration_text(booking.duration_minutes),
		"price": "" if is_strangers or not booking.price else money_text(booking.price, booking.currency),
		"car": "" if is_strangers else booking.vehicle_title or "",
		"client_name": booking.client_name or "",
	}


def what_may_be_done(booking: frappe._dict) -> dict[str, bool]:
	"""By the client: `change` (move, cancel), `confirm`; `late` when it is too late to do it here."""
	start = get_datetime(booking.start)
	is_ahead = booking.status in AHEAD and start > now_datetime()
	in_time = start - now_datetime() >= timedelta(hours=get_booking_settings().change_hours)
	return {
		"change": is_ahead and in_time,
		"late": is_ahead and not in_time,
		# What the client asked for is confirmed by the dealer, what the dealer wrote down by the client.
		"confirm": is_ahead and booking.status == REQUESTED and booking.source != "Portal",
	}


def calendar(token: str) -> Page | Download:
	"""The booking as an .ics file."""
	booking = read_booking(token)
	if not booking:
		return not_found()
	settings = get_settings()
	url = get_url(f"/booking/{token}")
	services = ", ".join(_(name) for name in booking.offerings)
	appointment = Appointment(
		uid=f"{booking.name}@{frappe.local.site}",
		start=with_zone(booking.start),
		end=with_zone(booking.end or booking.start),
		changed=with_zone(booking.modified),
		title=f"{dealer_name()}: {services}",
		location=" ".join((settings.address or "").split()),
		description="\n".join(filter(None, (services, settings.phone, url))),
		url=url,
		sequence=(booking.moved_count or 0) + (1 if booking.status == CANCELLED else 0),
		is_cancelled=booking.status == CANCELLED,
	)
	return Download(
		make_calendar(appointment).encode(), f"{booking.name}.ics", "text/calendar; charset=utf-8"
	)
