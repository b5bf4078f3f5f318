"""The plan of each client's car: when it is due, and whether its owner is invited, has a booking or is left alone.

Every night all cars are gone through in batches, with as many queries a batch as there are sources of facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import frappe
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate

from auto_dealer.retention.rules.forecast import (
	Forecast,
	Interval,
	Reading,
	Service,
	find_interval,
	forecast,
	last_service,
)
from auto_dealer.retention.rules.invite import CLIENTS, CarState, cycle_key, is_due, status_of
from auto_dealer.retention.service_history import MAINTENANCE, last_services
from auto_dealer.robots.clock import now

PLAN, CAR = "Maintenance Plan", "Auto Vehicle"
CARS_A_BATCH = 500
CAR_FIELDS = ("name", "title", "make", "model", "ownership", "owner_contact", "owner_customer")
OPEN_BOOKINGS = ("Requested", "Confirmed", "Arrived", "In Work")
OPEN_ORDERS = ("New", "Inspection", "Estimate", "Agreed", "In Work", "Quality Check", "Ready")
COMPUTED = (
	*("status", "due_on", "due_by", "deal", "last_service_on", "last_service_mileage"),
	*("last_service_source", "interval_months", "interval_km", "daily_km", "is_own_rate"),
	*("due_by_months", "due_by_mileage", "due_mileage"),
)


def plan_all() -> list[str]:
	"""Brings all plans up to date; gives the cars whose owners are to be invited now. Each batch is a transaction."""
	due = []
	for vehicles in batches():
		due += plan_batch(vehicles)
		frappe.db.commit()  # noqa: TID251
	return due


def batches() -> Iterator[list[str]]:
	"""All cars of clients, and those that have a plan from when they were."""
	last = ""
	while True:
		names = frappe.db.sql(
			"""select v.name from `tabAuto Vehicle` v left join `tabMaintenance Plan` p on p.name = v.name
			where v.name > %s and (v.ownership in %s or p.name is not null) order by v.name limit %s""",
			(last, CLIENTS, CARS_A_BATCH),
			pluck=True,
		)
		if not names:
			return
		yield names
		last = names[-1]


def plan_batch(vehicles: list[str]) -> list[str]:
	"""Writes the plans that are new or have changed; gives the cars that are due."""
	settings, today = frappe.get_cached_doc("Retention Settings"), now().date()
	stored = {
		row.name: row
		for row in frappe.get_all(PLAN, {"name": ("in", vehicles)}, ["name", *COMPUTED], order_by=None)
	}
	due = []
	for vehicle, values in compute(vehicles).items():
		title = values.pop("vehicle_title")
		if vehicle not in stored:
			insert_plan(vehicle, title, values)
		elif changes := {
			field: value for field, value in values.items() if differs(stored[vehicle][field], value)
		}:
			frappe.db.set_value(PLAN, vehicle, changes)
		if is_due(
			values["status"], values["due_on"], today, settings.days_before, settings.most_overdue_days
		):
			due.append(vehicle)
	return due


def differs(stored: object, value: object) -> bool:
	return str(stored or "") != str(value or "")


def insert_plan(vehicle: str, title: str, values: dict) -> None:
	"""Another worker's plan of the same car is as good as this one."""
	moment, user = frappe.utils.now_datetime(), frappe.session.user
	row = {"vehicle": vehicle, "vehicle_title": title, **values}
	fields = ["name", "creation", "modified", "owner", "modified_by", *row]
	own = (vehicle, moment, moment, user, user, *row.values())
	frappe.db.bulk_insert(PLAN, fields, [own], ignore_duplicates=True)


def forecast_one(plan: Document) -> dict:
	"""The computed values of one plan, with what was just typed into it."""
	own = None
	if plan.own_service_on:
		own = Service(getdate(plan.own_service_on), cint(plan.own_service_mileage) or None)
	values = compute([plan.vehicle], {plan.vehicle: (own, bool(plan.is_stopped))}).get(plan.vehicle, {})
	values.pop("vehicle_title", None)
	return values


# -- facts -----------------------------------------------------------------------------------------


def compute(vehicles: list[str], typed: dict | None = None) -> dict[str, dict]:
	"""Computed values by car. `typed`: (own service, is stopped) that lie in no table yet."""
	settings = frappe.get_cached_doc("Retention Settings")
	intervals = [(row.make, row.model, row.months, row.kilometres) for row in settings.intervals]
	usual = Interval(settings.months or None, settings.kilometres or None)
	cars = frappe.get_all(CAR, {"name": ("in", vehicles)}, CAR_FIELDS, order_by=None)
	readings, services = read_mileage(vehicles), last_services(vehicles)
	stopped, deals, booked = find_stopped(vehicles), find_deals(vehicles), find_booked(cars)
	found = {}
	for car in cars:
		last = services.get(car.name)
		if typed and car.name in typed:
			own, is_stopped = typed[car.name]
			last = last_service([service for service in (last, own) if service])
		else:
			is_stopped = car.name in stopped
		interval = find_interval(car.make, car.model, intervals, usual)
		due = forecast(last, interval, readings.get(car.name, ()), flt(settings.daily_km))
		deal = deal_of(car, deals.get(car.name, ()), last)
		state = CarState(
			ownership=car.ownership,
			has_owner=bool(car.owner_contact or car.owner_customer),
			is_stopped=is_stopped,
			has_booking=car.name in booked,
			has_open_deal=bool(deal),
			due_on=due.due_on if due else None,
		)
		found[car.name] = {
			"vehicle_title": car.title,
			"status": status_of(state),
			"deal": deal,
			**last_values(last),
			**due_values(due, interval),
		}
	return found


def last_values(last: Service | None) -> dict:
	return {
		"last_service_on": last.day if last else None,
		"last_service_mileage": (last.kilometres or 0) if last else 0,
		"last_service_source": last.source if last else None,
	}


def due_values(due: Forecast | None, interval: Interval) -> dict:
	values = {"interval_months": interval.months or 0, "interval_km": interval.kilometres or 0}
	if not due:
		dates = dict.fromkeys(("due_on", "due_by", "due_by_months", "due_by_mileage"))
		return {**values, **dates, "due_mileage": 0, "daily_km": 0, "is_own_rate": 0}
	return {
		**values,
		"due_on": due.due_on,
		"due_by": due.due_by,
		"due_by_months": due.by_months,
		"due_by_mileage": due.by_mileage,
		"due_mileage": due.due_kilometres or 0,
		"daily_km": due.rate,
		"is_own_rate": int(due.is_own_rate),
	}


def read_mileage(vehicles: list[str]) -> dict[str, list[Reading]]:
	rows = frappe.get_all(
		"Vehicle Mileage",
		{"parent": ("in", vehicles), "parenttype": CAR},
		["parent", "reading_date", "mileage"],
		order_by="reading_date, idx",
	)
	found = defaultdict(list)
	for row in rows:
		if row.reading_date and row.mileage:
			found[row.parent].append(Reading(row.reading_date, row.mileage))
	return found


def find_stopped(vehicles: list[str]) -> set[str]:
	return set(frappe.get_all(PLAN, {"name": ("in", vehicles), "is_stopped": 1}, pluck="name", order_by=None))


def find_deals(vehicles: list[str]) -> dict[str, list[frappe._dict]]:
	"""Maintenance deals of the cars: the open ones, and those that this robot has made (by their keys)."""
	deal, pipeline = frappe.qb.DocType("Auto Deal"), frappe.qb.DocType("Deal Pipeline")
	rows = (
		frappe.qb.from_(deal)
		.join(pipeline)
		.on(pipeline.name == deal.pipeline)
		.select(deal.name, deal.vehicle, deal.contact, deal.is_closed, deal.external_key, deal.creation)
		.where(deal.vehicle.isin(vehicles) & (pipeline.deal_kind == MAINTENANCE))
		.orderby(deal.creation)
		.run(as_dict=True)
	)
	found = defaultdict(list)
	for row in rows:
		found[row.vehicle].append(row)
	return found


def deal_of(car: frappe._dict, deals: list[frappe._dict], last: Service | None) -> str | None:
	"""The owner's open maintenance deal, else the one that was made for this maintenance and is closed already."""
	owner = car.owner_contact
	keys = (cycle_key(car.name, last.day), cycle_key(car.name, last.day, owner)) if last else ()
	for deal in reversed(deals):
		is_owners = not owner or deal.contact == owner
		if is_owners and (not deal.is_closed or deal.external_key in keys):
			return deal.name
	return None


def find_booked(cars: list[frappe._dict]) -> set[str]:
	"""Cars that are expected in the workshop, or stand there; a booking without a car is for its client's."""
	vehicles = [car.name for car in cars]
	owners = [car.owner_contact for car in cars if car.owner_contact] or [""]
	booking = frappe.qb.DocType("Service Booking")
	coming = (
		frappe.qb.from_(booking)
		.select(booking.vehicle, booking.contact)
		.where(booking.status.isin(OPEN_BOOKINGS) & (booking.end >= now()))
		.where(booking.vehicle.isin(vehicles) | (booking.vehicle.isnull() & booking.contact.isin(owners)))
		.run(as_dict=True)
	)
	inside = frappe.get_all(
		"Service Work Order",
		{"vehicle": ("in", vehicles), "stage": ("in", OPEN_ORDERS)},
		pluck="vehicle",
		order_by=None,
	)
	clients = {row.contact for row in coming if not row.vehicle}
	return {
		*inside,
		*(row.vehicle for row in coming),
		*(car.name for car in cars if car.owner_contact in clients),
	}
