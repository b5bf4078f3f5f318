"""What the services of a booking ask for: how long, with which resources and parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from auto_dealer.booking.errors import UnknownDuration
from auto_dealer.booking.rules.availability import count_cells
from auto_dealer.workshop.offering_plan import OfferingPlan, plan
from auto_dealer.workshop.resources import Resource, candidates
from auto_dealer.workshop.setup_cache import get_setup

# A car that is not in the register is known by these fields of the booking.
CAR_FIELDS = ("make", "model")


@dataclass(frozen=True)
class Demand:
	"""`needs`: how many, and which resources can serve, in the order of preference. Times in minutes."""

	minutes: int
	planned_minutes: int
	buffer_minutes: int
	needs: tuple[tuple[int, tuple[Resource, ...]], ...]
	plan: OfferingPlan

	@property
	def length(self) -> int:
		return count_cells(self.minutes)

	@property
	def buffer(self) -> int:
		return count_cells(self.minutes + self.buffer_minutes) - self.length

	@property
	def resources(self) -> list[str]:
		return sorted({resource.name for _count, resources in self.needs for resource in resources})


def read_demand(
	offerings: Sequence[str],
	vehicle: str | Mapping | None = None,
	contact: str | None = None,
	minutes: int | None = None,
	is_search: bool = False,
) -> Demand:
	"""`minutes` replaces the norms' time. Throws `UnknownDuration` when there is neither.

	`is_search`: resources as they were within the last minute; who takes time asks the tables.
	"""
	planned = plan(list(offerings), vehicle, contact)
	length = cint(minutes) or planned.minutes
	if length <= 0:
		frappe.throw(
			_(
				"How long does {0} take? State the duration of the service, its norms, or of this booking."
			).format(", ".join(offerings)),
			UnknownDuration,
		)
	found = candidates(planned.needs, get_setup().resources if is_search else None)
	needs = tuple((need.count, tuple(found[need])) for need in planned.needs)
	return Demand(length, planned.minutes, planned.buffer_minutes, needs, planned)


def demand_of(booking: Document, minutes: int | None = None) -> Demand:
	"""Of a booking, saved or not."""
	return read_demand([row.offering for row in booking.offerings], car_of(booking), booking.contact, minutes)


def car_of(booking: Document) -> str | dict | None:
	"""For the norms: the car in the register, else what is known of it."""
	if booking.vehicle:
		return booking.vehicle
	return {field: booking.get(field) for field in CAR_FIELDS if booking.get(field)} or None


def prefer(demand: Demand, order: Sequence[str]) -> Demand:
	"""The same with these resources before the others, in this order."""
	rank = {name: position for position, name in enumerate(dict.fromkeys(order))}
	needs = tuple(
		(count, tuple(sorted(resources, key=lambda resource: rank.get(resource.name, len(rank)))))
		for count, resources in demand.needs
	)
	return replace(demand, needs=needs)
