"""What a resource must be before it is booked, and the bookings that an absence would break."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, format_datetime, get_datetime

PEOPLE = ("Mechanic", "Salesperson Desk")
SHOWN_BOOKINGS = 20
# Bookings that still hold their resources.
HELD_STATUSES = ("Requested", "Confirmed", "Arrived", "In Work")


def check_resource(doc: Document) -> None:
	"""Fills user from employee and back, refuses a person who is two mechanics and absences that end before they begin."""
	if cint(doc.capacity) < 1:
		frappe.throw(_("The capacity is at least 1. Switch the resource off instead."))
	_set_person(doc)
	_check_absences(doc)
	doc.skills = _without_repeats(doc)


def _set_person(doc: Document) -> None:
	if doc.resource_kind not in PEOPLE:
		doc.user = doc.employee = None
		return
	if doc.employee and not doc.user:
		doc.user = frappe.db.get_value("Employee", doc.employee, "user_id")
	elif doc.user and not doc.employee:
		doc.employee = frappe.db.get_value("Employee", {"user_id": doc.user, "status": "Active"})
	if not doc.user:
		return
	same = {"user": doc.user, "resource_kind": doc.resource_kind, "name": ("!=", doc.name or "")}
	if other := frappe.db.get_value("Service Resource", same):
		frappe.throw(_("{0} is the resource {1} already.").format(doc.user, frappe.bold(other)))


def _check_absences(doc: Document) -> None:
	for row in doc.absences:
		if get_datetime(row.from_time) >= get_datetime(row.to_time):
			frappe.throw(_("Row {0}: the absence ends before it begins.").format(row.idx))


def _without_repeats(doc: Document) -> list:
	kept = {row.skill: row for row in reversed(doc.skills)}
	rows = [row for row in doc.skills if kept[row.skill] is row]
	for index, row in enumerate(rows, 1):
		row.idx = index
	return rows


def warn_of_bookings(doc: Document) -> None:
	"""Lists the bookings that a new or changed absence lies over; they stay, somebody has to move them."""
	before = doc.get_doc_before_save()
	known = (
		{(get_datetime(r.from_time), get_datetime(r.to_time)) for r in before.absences} if before else set()
	)
	spans = [(get_datetime(row.from_time), get_datetime(row.to_time)) for row in doc.absences]
	rows = find_bookings(doc.name, [span for span in spans if span not in known])
	if not rows:
		return
	lines = "".join(f"<li>{_describe(row)}</li>" for row in rows[:SHOWN_BOOKINGS])
	more = len(rows) - SHOWN_BOOKINGS
	if more > 0:
		lines += f"<li>{_('and {0} more').format(more)}</li>"
	frappe.msgprint(
		_("These bookings lie within the absence and have to be moved:") + f"<ul>{lines}</ul>",
		title=_("Bookings during the Absence"),
		indicator="orange",
	)


def find_bookings(resource: str, spans: list[tuple[datetime, datetime]]) -> list[dict]:
	"""Bookings under way or to come that take the resource within one of the spans, each once, by their start."""
	found: dict[str, dict] = {}
	for start, end in spans:
		booking, taken = frappe.qb.DocType("Service Booking"), frappe.qb.DocType("Service Booking Resource")
		rows = (
			frappe.qb.from_(taken)
			.join(booking)
			.on((taken.parent == booking.name) & (taken.parenttype == "Service Booking"))
			.select(booking.name, booking.client_name, booking.vehicle_title, taken.start, taken.end)
			.where(
				(taken.resource == resource)
				& (taken.start < end)
				& (taken.end > start)
				& booking.status.isin(HELD_STATUSES)
			)
		).run(as_dict=True)
		found.update({row.name: row for row in rows})
	return sorted(found.values(), key=lambda row: row["start"])


def _describe(row: dict) -> str:
	link = frappe.utils.get_link_to_form("Service Booking", row["name"])
	who = [frappe.utils.escape_html(text) for text in (row["client_name"], row["vehicle_title"]) if text]
	return ", ".join([link, format_datetime(row["start"]), *who])
