"""Norm hours of operations for a car, explained in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

import frappe
from frappe import _

from auto_dealer.workshop.rules.norm_match import Car, NormRow, choose, matches

VEHICLE_FIELDS = ("make", "model", "year", "engine", "body")
NORM_FIELDS = ("name", "hours", "make", "model", "year_from", "year_to", "engine", "body", "source")


@dataclass(frozen=True)
class FoundNorm:
	"""`norm` is None where no norm fits: `hours` are the operation's own then, 0 when it has none."""

	hours: Decimal
	norm: str | None
	explain: Callable[[], str] = field(compare=False, repr=False)

	@property
	def explanation(self) -> str:
		"""Why these hours, in the language of whoever reads; made when it is asked for."""
		return self.explain()

	@property
	def is_known(self) -> bool:
		return self.hours > 0


def find_norm(operation: str, vehicle: str | Mapping | Car | None = None) -> FoundNorm:
	"""The norm of one operation for a car: the name of an Auto Vehicle, its fields, or none."""
	return find_norms([operation], vehicle)[operation]


def find_norms(operations: Iterable[str], vehicle: str | Mapping | Car | None = None) -> dict[str, FoundNorm]:
	"""The same of many operations, in at most three SQL."""
	names = sorted(set(operations))
	if not names:
		return {}
	car = get_car(vehicle)
	own = dict(
		frappe.get_all("Labour Operation", {"name": ("in", names)}, ["name", "default_hours"], as_list=True)
	)
	rows: dict[str, list[NormRow]] = {}
	for row in frappe.get_all("Labour Norm", {"operation": ("in", names)}, ["operation", *NORM_FIELDS]):
		rows.setdefault(row.operation, []).append(to_row(row))
	return {name: _find(rows.get(name, []), car, own.get(name)) for name in names}


def get_car(vehicle: str | Mapping | Car | None) -> Car:
	"""What the norms ask of it; an unknown name or None gives a car of which nothing is known."""
	if isinstance(vehicle, Car):
		return vehicle
	if isinstance(vehicle, str) and vehicle:
		vehicle = frappe.db.get_value("Auto Vehicle", vehicle, VEHICLE_FIELDS, as_dict=True)
	values = vehicle or {}
	return Car(
		make=values.get("make") or "",
		model=values.get("model") or "",
		year=int(values.get("year") or 0),
		engine=values.get("engine") or "",
		body=values.get("body") or "",
	)


def to_row(values: Mapping) -> NormRow:
	"""From a Labour Norm or its row."""
	return NormRow(
		name=values.get("name") or "",
		hours=to_hours(values.get("hours")),
		make=values.get("make") or "",
		model=values.get("model") or "",
		year_from=int(values.get("year_from") or 0),
		year_to=int(values.get("year_to") or 0),
		engine=values.get("engine") or "",
		body=values.get("body") or "",
		source=values.get("source") or "",
	)


def to_hours(value: object) -> Decimal:
	return Decimal(str(value or 0)).quantize(Decimal("0.01"))


def _find(rows: list[NormRow], car: Car, own_hours: float | None) -> FoundNorm:
	row = choose(rows, car)
	if row:
		return FoundNorm(row.hours, row.name, partial(_explain, row, rows, car))
	hours = to_hours(own_hours)
	return FoundNorm(hours, None, partial(_explain_own, hours, rows, car))


def _explain_own(hours: Decimal, rows: list[NormRow], car: Car) -> str:
	if not rows:
		reason = _("The operation has no norms.")
	else:
		reason = _("None of its {0} norms fits {1}.").format(len(rows), describe_car(car))
	if hours:
		return f"{reason} {_('Its own hours are taken: {0}.').format(hours)}"
	return f"{reason} {_('The hours are not known.')}"


def _explain(row: NormRow, rows: list[NormRow], car: Car) -> str:
	text = _("{0} h: the norm for {1}").format(row.hours, describe_row(row))
	if row.source:
		text += f" ({_('source: {0}').format(row.source)})"
	fitting = sum(matches(other, car) for other in rows)
	if fitting > 1:
		text += ", " + _("the most exact of {0} that fit").format(fitting)
	return text + "."


def describe_row(row: NormRow) -> str:
	"""`Toyota Camry, 2012–2017, 2.5` or "any car"."""
	parts = [
		row.model or row.make,
		row.engine and _("engine {0}").format(row.engine),
		row.body and _(row.body),
	]
	if row.has_years:
		parts.append(describe_years(row.year_from, row.year_to))
	return ", ".join(part for part in parts if part) or _("any car")


def describe_years(first: int, last: int) -> str:
	if first and last:
		return str(first) if first == last else f"{first}–{last}"
	return _("from {0}").format(first) if first else _("up to {0}").format(last)


def describe_car(car: Car) -> str:
	parts = [car.model or car.make, car.year and str(car.year), car.engine, car.body and _(car.body)]
	return ", ".join(part for part in parts if part) or _("a car that is not named")
