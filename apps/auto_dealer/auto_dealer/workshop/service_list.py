"""The quick list: all services on one screen, by group, found by any word."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint

from auto_dealer.workshop.offering_plan import plan
from auto_dealer.workshop.rules.plan import OfferingPlan

MOST_SERVICES = 500


def get_list(search: str = "", group: str | None = None, only_online: bool = False) -> dict:
	"""Services that the user may read: popular ones first, then by the order of groups; with the groups to choose from.

	Every word of the search has to stand in the name, the search words, the description or the group.
	"""
	fields = ["name", "group", "description", "price_kind", "price", "duration_minutes"]
	fields += ["is_popular", "is_bookable_online", "search_words", "sort_order"]
	filters = {"is_active": 1, **({"is_bookable_online": 1} if only_online else {})}
	rows = frappe.get_list("Service Offering", filters, fields, limit=MOST_SERVICES)
	groups = {
		row.name: row.sort_order
		for row in frappe.get_all("Service Group", {"is_enabled": 1}, ["name", "sort_order"])
	}
	words = search.casefold().replace("ё", "е").split()
	found = [row for row in rows if row.group in groups and all(word in _text(row) for word in words)]
	counts: dict[str, int] = {}
	for row in found:
		counts[row.group] = counts.get(row.group, 0) + 1
	shown = [row for row in found if not group or row.group == group]
	shown.sort(key=lambda row: (-cint(row.is_popular), groups[row.group], cint(row.sort_order), row.name))
	return {
		"services": [_shown(row) for row in shown],
		"groups": [
			{"name": name, "label": _(name), "count": counts.get(name, 0)}
			for name in sorted(groups, key=lambda name: (groups[name], name))
			if counts.get(name) or name == group
		],
	}


def _text(row: dict) -> str:
	parts = (row.name, row.search_words, row.description, row.group, _(row.group))
	return " ".join(part or "" for part in parts).casefold().replace("ё", "е")


def _shown(row: dict) -> dict:
	return {
		"name": row.name,
		"group": row.group,
		"group_label": _(row.group),
		"description": row.description,
		"is_popular": cint(row.is_popular),
		"is_bookable_online": cint(row.is_bookable_online),
		"is_fixed": int(row.price_kind == "Fixed"),
		"price": float(row.price or 0),
		"minutes": cint(row.duration_minutes),
	}


def describe_plan(offerings: list[str], vehicle: str | None, contact: str | None) -> dict:
	"""The plan as a screen shows it."""
	return as_dict(plan(offerings, vehicle or None, contact or None))


def as_dict(found: OfferingPlan) -> dict:
	return {
		"minutes": found.minutes,
		"price": float(found.price),
		"labour": [
			{
				"title": line.title,
				"hours": float(line.hours),
				"rate": float(line.rate),
				"amount": float(line.amount),
			}
			for line in found.labour
		],
		"parts": [
			{
				"item": part.item,
				"qty": float(part.qty),
				"rate": float(part.rate),
				"amount": float(part.amount),
			}
			for part in found.parts
		],
		"needs": [{"kind": need.kind, "skill": need.skill, "count": need.count} for need in found.needs],
		"explanations": found.explanations,
	}
