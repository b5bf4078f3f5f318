"""What services take and cost for a car and a client: time, works, parts, resources; each number explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, fmt_money

from auto_dealer.workshop.norms import FoundNorm, find_norms
from auto_dealer.workshop.part_prices import find_part_prices
from auto_dealer.workshop.rates import rate_finder
from auto_dealer.workshop.rules.norm_match import Car
from auto_dealer.workshop.rules.plan import (
	Need,
	OfferingPlan,
	PlannedLabour,
	PlannedPart,
	join_needs,
	minutes_of,
	needs_of_offering,
	round_money,
	share_price,
)

FIXED = "Fixed"
OFFERING = "Service Offering"
RateFinder = Callable[[str | None, str | None, bool], Decimal]


def plan(
	offerings: list[str],
	vehicle: str | Mapping | Car | None = None,
	contact: str | None = None,
	on_date: date | str | None = None,
) -> OfferingPlan:
	"""The plan of one visit with these services, one after the other. Checks no rights.

	`vehicle` is the name of an Auto Vehicle, or what is known of the car (make, model, year, engine, body).
	A service with a fixed duration and price reads no norms and no rates.
	"""
	documents = [frappe.get_cached_doc(OFFERING, name) for name in offerings]
	operations = {row.operation for doc in documents for row in doc.operations}
	norms = find_norms(operations, vehicle) if any(map(_reads_norms, documents)) else {}
	rates = rate_finder(on_date)
	kind = frappe.db.get_value("Contact", contact, "dealer_client_kind") if contact else None
	labour = [line for doc in documents for line in _plan_labour(doc, norms, rates, kind)]
	minutes = sum(_minutes_of(doc, norms) for doc in documents)
	parts = _plan_parts(documents)
	price = sum((line.amount for line in [*labour, *parts]), Decimal(0))
	buffer = max((cint(doc.buffer_minutes) for doc in documents), default=0)
	needs = join_needs([_needs_of(doc) for doc in documents], minutes)
	explain = partial(_explain, documents, norms, rates, kind, parts)
	return OfferingPlan(minutes, price, labour, parts, needs, buffer, explain)


def _reads_norms(doc: Document) -> bool:
	return bool(doc.operations)


def _plan_labour(
	doc: Document, norms: dict[str, FoundNorm], rates: RateFinder, client_kind: str | None
) -> list[PlannedLabour]:
	if doc.price_kind == FIXED:
		return _fixed_labour(doc, norms)
	rate = rates(doc.group, client_kind, _is_warranty(doc.group))
	lines = []
	for row in doc.operations:
		hours = norms[row.operation].hours * Decimal(str(row.qty or 1))
		amount = round_money(hours * rate)
		lines.append(PlannedLabour(row.operation, row.operation, hours, rate, amount, doc.name))
	return lines


def _fixed_labour(doc: Document, norms: dict[str, FoundNorm]) -> list[PlannedLabour]:
	"""The price spread over the works; one line of the service's own name when it has none."""
	price = round_money(Decimal(str(doc.price or 0)))
	if not doc.operations:
		hours = (Decimal(cint(doc.duration_minutes)) / 60).quantize(Decimal("0.01"))
		return [PlannedLabour(None, doc.name, hours, price / hours if hours else price, price, doc.name)]
	hours = [norms[row.operation].hours * Decimal(str(row.qty or 1)) for row in doc.operations]
	return [
		PlannedLabour(
			row.operation, row.operation, its, round_money(share / its) if its else share, share, doc.name
		)
		for row, its, share in zip(doc.operations, hours, share_price(price, hours), strict=True)
	]


def _minutes_of(doc: Document, norms: dict[str, FoundNorm]) -> int:
	if cint(doc.duration_minutes):
		return cint(doc.duration_minutes)
	hours = sum(
		(norms[row.operation].hours * Decimal(str(row.qty or 1)) for row in doc.operations), Decimal(0)
	)
	return minutes_of(hours)


def _plan_parts(documents: list[Document]) -> list[PlannedPart]:
	rows = [(doc, row) for doc in documents for row in doc.parts]
	prices = find_part_prices([row.item for _doc, row in rows])
	return [
		PlannedPart(row.item, Decimal(str(row.qty or 1)), prices.get(row.item, Decimal(0)), doc.name)
		for doc, row in rows
	]


def _needs_of(doc: Document) -> list[Need]:
	stated = [Need(row.resource_kind, row.skill or None, cint(row.count) or 1) for row in doc.needs]
	skills = {frappe.get_cached_value("Labour Operation", row.operation, "skill") for row in doc.operations}
	return needs_of_offering(stated, {skill for skill in skills if skill})


def _is_warranty(group: str | None) -> bool:
	return bool(group and frappe.get_cached_value("Service Group", group, "is_warranty"))


def _explain(
	documents: list[Document],
	norms: dict[str, FoundNorm],
	rates: RateFinder,
	client_kind: str | None,
	parts: list[PlannedPart],
) -> list[str]:
	notes = []
	for doc in documents:
		notes += [*_price_notes(doc, norms, rates, client_kind), _time_note(doc, _minutes_of(doc, norms))]
	free = sorted({part.item for part in parts if not part.rate})
	return notes + [_("{0}: the part has no price.").format(item) for item in free]


def _price_notes(
	doc: Document, norms: dict[str, FoundNorm], rates: RateFinder, client_kind: str | None
) -> list[str]:
	if doc.price_kind == FIXED:
		return [_("{0}: fixed price {1}.").format(doc.name, _money(doc.price))]
	found = [f"{doc.name} — {row.operation}: {norms[row.operation].explanation}" for row in doc.operations]
	return [*found, _rate_note(doc, rates(doc.group, client_kind, _is_warranty(doc.group)), client_kind)]


def _time_note(doc: Document, minutes: int) -> str:
	if cint(doc.duration_minutes):
		return _("{0}: {1} min, as stated.").format(doc.name, minutes)
	if minutes:
		return _("{0}: {1} min by the norms.").format(doc.name, minutes)
	return _("{0}: the time is not known, neither stated nor by the norms.").format(doc.name)


def _rate_note(doc: Document, rate: Decimal, client_kind: str | None) -> str:
	if not rate:
		return _("{0}: no price of a norm hour is set for {1}.").format(doc.name, _(doc.group))
	whose = f"{_(doc.group)}, {_(client_kind)}" if client_kind else _(doc.group)
	return _("{0}: a norm hour costs {1} ({2}).").format(doc.name, _money(rate), whose)


def _money(amount: Decimal | float | None) -> str:
	return fmt_money(float(amount or 0), currency=frappe.db.get_default("currency"))
