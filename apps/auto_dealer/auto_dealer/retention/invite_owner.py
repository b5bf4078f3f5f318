"""One card for one maintenance of one car: the deal, the notice to the manager, the invitation to the client.

Two workers at a time make one: the plan's row is locked, and the key of the maintenance is unique among deals.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import fmt_money, format_date

from auto_dealer.channels.send_to_client import send_to_client
from auto_dealer.retention.booking_link import booking_link
from auto_dealer.retention.plan_cars import CAR, COMPUTED, PLAN, compute
from auto_dealer.retention.rules.invite import INVITED, cycle_key, is_due
from auto_dealer.retention.rules.texts import fill_places
from auto_dealer.retention.service_history import MAINTENANCE
from auto_dealer.robots.clock import now
from auto_dealer.robots.effects.notify_staff import notify

SAVEPOINT = "dealer_maintenance_deal"
ADVISOR = "Dealer Service Advisor"
MOST_TOLD = 20


def invite_owner(vehicle: str) -> str | None:
	"""The deal that was made; None when the car is not due any more or somebody else was quicker.

	Looked at again under the lock: since the plan was written a booking, another owner or a deal may have come.
	"""
	frappe.db.get_value(PLAN, vehicle, "name", for_update=True)
	settings = frappe.get_cached_doc("Retention Settings")
	values = compute([vehicle]).get(vehicle)
	if not values or not is_due(
		values["status"], values["due_on"], now().date(), settings.days_before, settings.most_overdue_days
	):
		return None
	deal = make_deal(vehicle, values)
	if not deal:
		return None
	computed = {field: values[field] for field in COMPUTED}
	frappe.db.set_value(PLAN, vehicle, {**computed, "status": INVITED, "deal": deal.name, "error": None})
	tell_manager(deal, values)
	if settings.invite_client:
		invite_client(deal, values, settings.invitation)
	return deal.name


def make_deal(vehicle: str, values: dict):
	"""In the first stage of the pipeline of the settings; None when this maintenance has a deal already."""
	settings = frappe.get_cached_doc("Retention Settings")
	car = frappe.db.get_value(CAR, vehicle, ["owner_contact", "owner_customer"], as_dict=True)
	deal = frappe.get_doc(
		{
			"doctype": "Auto Deal",
			"pipeline": settings.pipeline or MAINTENANCE,
			"vehicle": vehicle,
			"contact": car.owner_contact,
			"customer": car.owner_customer,
			"responsible": find_responsible(vehicle, settings.responsible),
			"external_key": key_of(vehicle, values["last_service_on"], car.owner_contact),
		}
	)
	frappe.db.savepoint(SAVEPOINT)
	try:
		# Nobody asks for it: the clock does.
		return deal.insert(ignore_permissions=True)
	except frappe.UniqueValidationError:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		return None


def key_of(vehicle: str, last_service, owner: str | None) -> str:
	"""The maintenance's key; a key with the owner when the deal of the former owner has the plain one."""
	key = cycle_key(vehicle, last_service)
	former = frappe.db.get_value("Auto Deal", {"external_key": key}, "contact")
	return cycle_key(vehicle, last_service, owner) if former and former != owner else key


def find_responsible(vehicle: str, usual: str | None) -> str | None:
	"""Whoever had the car's last maintenance deal, else the one of the settings; nobody who is switched off."""
	deal, pipeline = frappe.qb.DocType("Auto Deal"), frappe.qb.DocType("Deal Pipeline")
	last = (
		frappe.qb.from_(deal)
		.join(pipeline)
		.on(pipeline.name == deal.pipeline)
		.select(deal.responsible)
		.where((deal.vehicle == vehicle) & (pipeline.deal_kind == MAINTENANCE) & deal.responsible.isnotnull())
		.orderby(deal.creation, order=frappe.qb.desc)
		.limit(1)
		.run(pluck=True)
	)
	for user in (*last, usual):
		if user and frappe.db.get_value("User", user, "enabled"):
			return user
	return None


def tell_manager(deal, values: dict) -> None:
	"""A notice in the responsible's bell; without one in those of the service advisors."""
	subject = _("Maintenance is due: {0}").format(frappe.utils.escape_html(deal.title))
	text = _("Due on {0}").format(format_date(values["due_on"]))
	for user in [deal.responsible] if deal.responsible else advisors(deal.department):
		notify(user, subject, text, deal)


def advisors(department: str | None) -> list[str]:
	"""Enabled service advisors of the deal's department, or all when it has none."""
	users = frappe.get_all("Has Role", {"role": ADVISOR, "parenttype": "User"}, pluck="parent")
	of_department = {"dealer_department": department} if department else {}
	return frappe.get_all(
		"User", {"name": ("in", users), "enabled": 1, **of_department}, pluck="name", limit=MOST_TOLD
	)


def invite_client(deal, values: dict, text: str | None) -> str | None:
	"""The Client Message; None for clients who want no letters, and without a text."""
	contact = frappe.db.get_value("Contact", deal.contact, ["first_name", "unsubscribed"], as_dict=True)
	if not text or not contact or contact.unsubscribed:
		return None
	mileage = values["due_mileage"]
	filled = fill_places(
		text,
		{
			"client": contact.first_name or deal.client_name,
			"car": deal.vehicle_title,
			"date": format_date(values["due_on"]),
			"mileage": fmt_money(mileage, precision=0) if mileage else "",
			"link": booking_link(deal.vehicle),
		},
	)
	return send_to_client(
		deal.contact, filled, subject=_("It is time for the maintenance"), reference=("Auto Deal", deal.name)
	)
