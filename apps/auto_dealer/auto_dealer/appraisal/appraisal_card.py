"""The life of an appraisal: what its controller calls, in the order of Frappe's events."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from auto_dealer.appraisal.calculate import calculate
from auto_dealer.appraisal.car_fields import check_car, title_of
from auto_dealer.appraisal.events import note_stage, publish
from auto_dealer.appraisal.offers import check_offers
from auto_dealer.appraisal.rules.stages import FINAL, NEW
from auto_dealer.appraisal.stage_check import check_stage
from auto_dealer.appraisal.vin_lookup import queue_lookups
from auto_dealer.permissions.deny_delete import deny, deny_rename
from auto_dealer.pipelines import workflow_actions
from auto_dealer.robots.fire import fire
from auto_dealer.sales.company_currency import company_currency

DOCTYPE = "Vehicle Appraisal"
# Written by use cases only; what a browser sends for them is put back.
KEPT = (
	*("appraiser", "title", "client_name", "closed_at", "last_event", "last_event_at", "buyout_deal"),
	*(
		"is_trade_in",
		"filled_by_vin",
		"filled_over",
		"service_price",
		"service_price_from",
		"service_price_to",
	),
	*("service_offers", "service_name"),
)


def set_name(appraisal: Document) -> None:
	"""`AP-000001`, from a database sequence that locks nobody."""
	appraisal.name = f"AP-{frappe.db.get_next_sequence_val(DOCTYPE):06d}"


def fill_new(appraisal: Document) -> None:
	"""Before the first save: currency, the dealer's margin and costs, the checklist."""
	settings = frappe.get_cached_doc("Appraisal Settings")
	appraisal.stage = NEW
	appraisal.currency = appraisal.currency or company_currency()
	appraisal.title = appraisal.title or appraisal.deal
	appraisal.target_margin = settings.target_margin
	appraisal.fixed_costs = settings.fixed_costs
	if not appraisal.checks:
		for row in settings.checklist:
			appraisal.append("checks", {"zone": row.zone, "check": row.check})


def check(appraisal: Document) -> None:
	"""Every save: the car, the figures (computed here, never taken from the browser), then the rules of the stage."""
	before = appraisal.get_doc_before_save()
	if before and not appraisal.flags.by_use_case:
		appraisal.update({field: before.get(field) for field in KEPT})
	check_car(appraisal, before)
	appraisal.title = title_of(appraisal, before)
	check_offers(appraisal, before)
	calculate(appraisal)
	check_stage(appraisal, before)
	if not before or before.stage != appraisal.stage:
		appraisal.closed_at = now_datetime() if appraisal.stage in FINAL else None
		note_stage(appraisal)


def show_change(appraisal: Document) -> None:
	"""After every save: services are asked about a new VIN, the deal's form and the robots see the change."""
	queue_lookups(appraisal)
	publish(appraisal)
	fire(appraisal, appraisal.get_doc_before_save())


def without_workflow_actions():
	"""Context in which Frappe makes no Workflow Action rows; see `pipelines.workflow_actions`."""
	return workflow_actions.skipped(DOCTYPE)


def before_delete(appraisal: Document) -> None:
	deny(appraisal)
	frappe.db.delete("VIN Lookup", {"appraisal": appraisal.name})


def before_rename(appraisal: Document, old: str, new: str, merge: bool = False) -> None:
	deny_rename(appraisal, "before_rename", old, new, merge)


def check_settings(settings: Document) -> None:
	"""A margin or an adjustment of the whole price is a mistake in typing."""
	for field in ("target_margin", "bargain", "mileage_adjustment", "year_adjustment"):
		if not 0 <= (settings.get(field) or 0) < 100:
			frappe.throw(_("{0}: 0 to 99 %.").format(frappe.bold(_(settings.meta.get_label(field)))))


def add_indexes() -> None:
	"""For the lists "my appraisals" and the timeline of a car."""
	frappe.db.add_index(DOCTYPE, ["appraiser", "modified"], "dealer_appraiser")
	frappe.db.add_index(DOCTYPE, ["vin"], "dealer_vin")
	frappe.db.add_index(DOCTYPE, ["vehicle"], "dealer_vehicle")
