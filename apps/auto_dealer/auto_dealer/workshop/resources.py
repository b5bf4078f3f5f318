"""Which resources can serve a need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import frappe

from auto_dealer.workshop.rules.plan import Need


@dataclass(frozen=True)
class Resource:
	"""`capacity` is how many clients it serves at once."""

	name: str
	kind: str
	capacity: int
	skills: frozenset[str] = frozenset()
	vehicle: str | None = None


def suitable(need: Need) -> list[str]:
	"""Names of the active resources of the kind that have the skill, in the order of the lists."""
	return [resource.name for resource in candidates([need])[need]]


def candidates(needs: Iterable[Need], known: list[Resource] | None = None) -> dict[Need, list[Resource]]:
	"""The same for many needs in two SQL, with the capacities; none when the resources are `known`."""
	asked = list(needs)
	found = load_resources(sorted({need.kind for need in asked})) if known is None else known
	return {
		need: [
			resource
			for resource in found
			if resource.kind == need.kind and (not need.skill or need.skill in resource.skills)
		]
		for need in asked
	}


def load_resources(kinds: list[str] | None) -> list[Resource]:
	"""Active resources of these kinds (None: of all) that can be taken at all, in the order of the lists."""
	if kinds == []:
		return []
	filters = {"is_active": 1, "capacity": (">", 0), **({"resource_kind": ("in", kinds)} if kinds else {})}
	rows = frappe.get_all(
		"Service Resource",
		filters,
		["name", "resource_kind", "capacity", "vehicle"],
		order_by="sort_order, name",
	)
	skills: dict[str, set[str]] = {}
	filters = {"parenttype": "Service Resource", "parent": ("in", [row.name for row in rows] or [""])}
	for parent, skill in frappe.get_all("Service Resource Skill", filters, ["parent", "skill"], as_list=True):
		skills.setdefault(parent, set()).add(skill)
	return [
		Resource(row.name, row.resource_kind, row.capacity, frozenset(skills.get(row.name, ())), row.vehicle)
		for row in rows
	]


def resource_of_user(user: str, kind: str = "Mechanic") -> str | None:
	"""The active resource that a person is."""
	return frappe.db.get_value("Service Resource", {"user": user, "resource_kind": kind, "is_active": 1})
