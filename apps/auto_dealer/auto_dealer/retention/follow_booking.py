"""The client has booked: the maintenance deal goes on by itself, a waiting invitation goes nowhere."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.retention.plan_cars import OPEN_BOOKINGS
from auto_dealer.retention.sold_cars import cancel_messages
from auto_dealer.sales.retry import retry_on_deadlock

SAVEPOINT = "dealer_follow_booking"


def after_insert(booking: Document, method: str | None = None) -> None:
	"""`after_insert` of a Service Booking: one query; the deal itself is changed by a job, so no booking waits for it."""
	if booking.status in OPEN_BOOKINGS and (deal := find_deal(booking)):
		frappe.enqueue(
			"auto_dealer.retention.follow_booking.follow",
			queue="short",
			enqueue_after_commit=True,
			booking=booking.name,
			deal=deal,
		)


def find_deal(booking: Document) -> str | None:
	"""The open deal that the clock has made for this car, or for this client when the booking names no car."""
	filters = {"external_key": ("like", "maintenance:%"), "is_closed": 0}
	if booking.vehicle:
		return frappe.db.get_value("Auto Deal", {**filters, "vehicle": booking.vehicle})
	return booking.contact and frappe.db.get_value("Auto Deal", {**filters, "contact": booking.contact})


def follow(booking: str, deal: str) -> None:
	"""The job."""
	retry_on_deadlock(lambda: move_deal(booking, deal))


def move_deal(booking: str, deal: str) -> None:
	"""Into the stage of the settings, forwards only. Where the stage asks for more, it stays and says so."""
	doc = frappe.get_doc("Auto Deal", deal, for_update=True)
	if not frappe.db.get_value("Service Booking", booking, "deal"):
		frappe.db.set_value("Service Booking", booking, "deal", deal, update_modified=False)
	cancel_messages(deal)
	names = [stage.name for stage in load(doc.pipeline).enabled if stage.is_open]
	wanted = frappe.get_cached_doc("Retention Settings").booked_stage
	if doc.is_closed or wanted not in names or names.index(wanted) <= names.index(doc.stage):
		return
	frappe.db.savepoint(SAVEPOINT)
	try:
		doc.stage = wanted
		doc.flags.stage_reason = _("The client has booked: {0}").format(booking)
		# The client has done it, who has no rights here.
		doc.save(ignore_permissions=True)
	except frappe.ValidationError as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_messages()
		doc.reload()
		doc.add_comment("Info", _("The client has booked: {0}").format(f"{booking} ({error})"))
