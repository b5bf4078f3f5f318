"""The life of a maintenance plan and of the settings: what their controllers call."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from auto_dealer.robots.clock import now

PLAN = "Maintenance Plan"
BY_HAND = ("vehicle", "is_stopped", "stop_reason", "own_service_on", "own_service_mileage")
LAYOUT = ("Section Break", "Column Break", "Tab Break", "HTML")


class ServiceInFuture(frappe.ValidationError):
	"""A maintenance that is not over yet counts as none."""


def check(plan: Document) -> None:
	"""What a person changes is kept, the rest is computed: at once, as every night."""
	from auto_dealer.retention.plan_cars import forecast_one

	before = plan.get_doc_before_save()
	for df in plan.meta.fields:
		if df.fieldname not in BY_HAND and df.fieldtype not in LAYOUT and df.fieldname != "vehicle_title":
			plan.set(df.fieldname, before.get(df.fieldname) if before else None)
	if plan.own_service_on and getdate(plan.own_service_on) > now().date():
		frappe.throw(_("The date of the last maintenance lies in the future."), ServiceInFuture)
	plan.update(forecast_one(plan))


def forget_vehicle(vehicle: Document, method: str | None = None) -> None:
	"""`on_trash` of a car: its plan goes with it."""
	frappe.db.delete(PLAN, {"name": vehicle.name})


def check_settings(settings: Document) -> None:
	"""One of months and kilometres is needed; an unknown place in the text would never be filled."""
	if not settings.months and not settings.kilometres:
		frappe.throw(_("Give the months or the kilometres between two maintenances."))
	for row in settings.intervals:
		if not row.months and not row.kilometres:
			frappe.throw(_("Intervals, row {0}: give months or kilometres.").format(row.idx))
	from auto_dealer.retention.rules.texts import INVITATION, unknown_places

	if unknown := unknown_places(settings.invitation or "", INVITATION):
		frappe.throw(_("The invitation names what is not known: {0}").format(", ".join(unknown)))


def add_indexes() -> None:
	"""For the nightly job: which cars are due."""
	frappe.db.add_index(PLAN, ["status", "due_on"], "dealer_due")
