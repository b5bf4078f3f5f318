"""When cars had their last maintenance: from the hook `dealer_service_history`, functions
(list of vehicles) → list of {vehicle, day, kilometres, source}. What is shipped is here."""

from __future__ import annotations

from collections import defaultdict

import frappe
from frappe.utils import getdate

from auto_dealer.retention.rules.forecast import Service, last_service

MAINTENANCE = "Maintenance"


def last_services(vehicles: list[str]) -> dict[str, Service]:
	"""The last one of each car that has one; as many queries as there are sources."""
	found = defaultdict(list)
	for path in frappe.get_hooks("dealer_service_history"):
		for row in frappe.get_attr(path)(vehicles):
			service = Service(getdate(row["day"]), row.get("kilometres") or None, row.get("source") or "")
			found[row["vehicle"]].append(service)
	return {vehicle: last_service(services) for vehicle, services in found.items()}


def won_deals(vehicles: list[str]) -> list[dict]:
	"""Maintenance deals that were won."""
	deal, pipeline = frappe.qb.DocType("Auto Deal"), frappe.qb.DocType("Deal Pipeline")
	return (
		frappe.qb.from_(deal)
		.join(pipeline)
		.on(pipeline.name == deal.pipeline)
		.select(deal.vehicle, deal.closed_at.as_("day"), deal.name.as_("source"))
		.where(deal.vehicle.isin(vehicles) & (deal.result == "Won") & (pipeline.deal_kind == MAINTENANCE))
		.where(deal.closed_at.isnotnull())
		.run(as_dict=True)
	)


def sales(vehicles: list[str]) -> list[dict]:
	"""A car that the dealer has sold was made ready for it: the first interval begins."""
	rows = frappe.get_all(
		"Auto Vehicle",
		{"name": ("in", vehicles), "sold_on": ("is", "set")},
		["name as vehicle", "sold_on as day", "sold_in as source"],
		order_by=None,
	)
	return rows


def noted_by_hand(vehicles: list[str]) -> list[dict]:
	"""Serviced elsewhere, as somebody has written into the plan."""
	return frappe.get_all(
		"Maintenance Plan",
		{"name": ("in", vehicles), "own_service_on": ("is", "set")},
		["name as vehicle", "own_service_on as day", "own_service_mileage as kilometres"],
		order_by=None,
	)


def work_orders(vehicles: list[str]) -> list[dict]:
	"""Work orders that were handed over; only those with a service of the group that the settings name, if they do."""
	order = frappe.qb.DocType("Service Work Order")
	query = (
		frappe.qb.from_(order)
		.select(
			order.vehicle,
			order.handed_over_at.as_("day"),
			order.mileage.as_("kilometres"),
			order.name.as_("source"),
		)
		.where(order.vehicle.isin(vehicles) & order.stage.isin(("Handed Over", "Closed")))
		.where(order.handed_over_at.isnotnull())
	)
	if group := frappe.get_cached_doc("Retention Settings").service_group:
		row, offering = frappe.qb.DocType("Work Order Offering"), frappe.qb.DocType("Service Offering")
		of_group = (
			frappe.qb.from_(row)
			.join(offering)
			.on(offering.name == row.offering)
			.select(row.parent)
			.where((row.parenttype == "Service Work Order") & (offering.group == group))
		)
		query = query.where(order.name.isin(of_group))
	return query.run(as_dict=True)
