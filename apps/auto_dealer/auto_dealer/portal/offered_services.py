"""What clients may book themselves: the catalogue as the booking page shows it."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _

from auto_dealer.portal.money import money_text

# Whoever is needed for these does not need the client's car.
WITHOUT_CAR = ("Test-Drive Car", "Salesperson Desk")


def get_groups() -> list[dict[str, object]]:
	"""[{title, offerings: [{name, description, price, minutes, needs_car}]}] in the dealer's order; a few SQL."""
	rows = frappe.get_all(
		"Service Offering",
		{"is_active": 1, "is_bookable_online": 1},
		[
			"name",
			"offering_name",
			"group",
			"description",
			"price_kind",
			"price",
			"duration_minutes",
			"is_popular",
		],
		order_by="is_popular desc, sort_order, offering_name",
	)
	without = _without_car([row.name for row in rows])
	order = {
		row.name: position
		for position, row in enumerate(frappe.get_all("Service Group", ["name"], order_by="sort_order, name"))
	}
	groups: dict[str, list] = {}
	for row in rows:
		groups.setdefault(row.group, []).append(
			{
				"name": row.name,
				"title": _(row.offering_name),
				"description": frappe.utils.strip_html(row.description or ""),
				"price": _price(row),
				"duration": duration_text(row.duration_minutes),
				"needs_car": row.name not in without,
			}
		)
	return [
		{"title": _(group), "offerings": groups[group]}
		for group in sorted(groups, key=lambda name: order.get(name, len(order)))
	]


def needs_car(offerings: Iterable[str]) -> bool:
	"""Whether at least one of the services is done to the client's car."""
	names = list(offerings)
	return bool(set(names) - _without_car(names))


def duration_text(minutes: int | None) -> str:
	"""`45 min`, `1 h 30 min`; "" when nobody knows before the car is known."""
	if not minutes:
		return ""
	hours, rest = divmod(int(minutes), 60)
	parts = [_("{0} h").format(hours) if hours else "", _("{0} min").format(rest) if rest else ""]
	return " ".join(filter(None, parts))


def _without_car(offerings: list[str]) -> set[str]:
	if not offerings:
		return set()
	rows = frappe.get_all(
		"Service Offering Need", {"parent": ("in", offerings)}, ["parent", "resource_kind"], order_by=None
	)
	return {row.parent for row in rows if row.resource_kind in WITHOUT_CAR}


def _price(row: frappe._dict) -> str:
	if row.price_kind != "Fixed":
		return _("depends on the car")
	return money_text(row.price) if row.price else ""
