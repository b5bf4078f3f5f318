"""Figures for number cards and the head of sales; each obeys the rights of the session's user."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import get_first_day, now_datetime, nowdate

FILTERS = dict[str, Any] | list | str | None


@frappe.whitelist()
def new_unsorted(filters: FILTERS = None) -> dict[str, Any]:
	"""Number card: open deals that nobody has taken to work, as far as the caller may see them."""
	frappe.has_permission("Auto Deal", "read", throw=True)
	where = {"is_unsorted": 1, "is_closed": 0}
	return _card(_count("Auto Deal", where), "Int", where)


@frappe.whitelist()
def my_overdue(filters: FILTERS = None) -> dict[str, Any]:
	"""Number card: the caller's open deals that stand longer in their stage than its deadline allows."""
	frappe.has_permission("Auto Deal", "read", throw=True)
	where = {"responsible": frappe.session.user, "is_closed": 0, "stage_deadline": ("<", now_datetime())}
	route = {
		"responsible": frappe.session.user,
		"is_closed": 0,
		"stage_deadline": ["<", str(now_datetime())[:19]],
	}
	return _card(_count("Auto Deal", where), "Int", route)


@frappe.whitelist()
def won_this_month(filters: FILTERS = None) -> dict[str, Any]:
	"""Number card: deals won since the first day of the month, as far as the caller may see them."""
	frappe.has_permission("Auto Deal", "read", throw=True)
	first = get_first_day(nowdate())
	where = {"result": "Won", "closed_at": (">=", first)}
	return _card(_count("Auto Deal", where), "Int", {"result": "Won", "closed_at": [">=", str(first)]})


@frappe.whitelist()
def average_first_response(filters: FILTERS = None) -> dict[str, Any]:
	"""Number card: minutes from an enquiry to the first answer, average of this month's answered leads.

	What a manager registers while talking to the client is answered at once and does not count.
	"""
	frappe.has_permission("Auto Lead", "read", throw=True)
	rows = frappe.get_list(
		"Auto Lead",
		filters={"creation": (">=", get_first_day(nowdate())), "first_response_at": ("is", "set")},
		fields=[
			"avg(if(timestampdiff(second, creation, first_response_at) > 5,"
			" timestampdiff(second, creation, first_response_at), null)) as seconds"
		],
		order_by=None,
	)
	seconds = rows[0].seconds if rows else None
	return _card(round(float(seconds or 0) / 60, 1), "Float", {}, "Auto Lead")


@frappe.whitelist()
def enquiry_summary(from_date: str | None = None, to_date: str | None = None) -> dict[str, Any]:
	"""R32 for the head: how many enquiries came, how many are unsorted, and who processed how many.

	`{total, secondary, unsorted, processed, by_responsible: [{responsible, full_name, leads, converted, refused}]}`
	"""
	frappe.has_permission("Auto Lead", "read", throw=True)
	period = [str(from_date or get_first_day(nowdate())), f"{to_date or nowdate()} 23:59:59.999999"]
	rows = frappe.get_list(
		"Auto Lead",
		filters={"creation": ("between", period)},
		fields=[
			"responsible",
			"status",
			"is_secondary",
			"count(name) as leads",
			"count(first_response_at) as answered",
		],
		group_by="responsible, status, is_secondary",
		order_by=None,
		limit=0,
	)
	total = sum(row.leads for row in rows)
	processed = sum(row.answered for row in rows)
	return {
		"total": total,
		"secondary": sum(row.leads for row in rows if row.is_secondary),
		"processed": processed,
		"unsorted": total - processed,
		"by_responsible": _by_responsible(rows),
	}


def _by_responsible(rows: list[dict]) -> list[dict[str, Any]]:
	people: dict[str, dict[str, Any]] = {}
	for row in rows:
		person = people.setdefault(
			row.responsible or "", {"leads": 0, "processed": 0, "converted": 0, "refused": 0}
		)
		person["leads"] += row.leads
		person["processed"] += row.answered
		person["converted"] += row.leads if row.status == "Converted" else 0
		person["refused"] += row.leads if row.status in ("Junk", "Refused") else 0
	names = {
		user: frappe.get_cached_value("User", user, "full_name") if user else _("Nobody yet")
		for user in people
	}
	listed = [{"responsible": user, "full_name": names[user], **figures} for user, figures in people.items()]
	return sorted(listed, key=lambda person: -person["leads"])


def _count(doctype: str, filters: dict) -> int:
	return frappe.get_list(doctype, filters=filters, fields=["count(name) as total"], order_by=None)[0].total


def _card(value: float, fieldtype: str, route_options: dict, doctype: str = "Auto Deal") -> dict[str, Any]:
	"""What Frappe's Number Card of type Custom shows: the value and where a click leads."""
	return {
		"value": value,
		"fieldtype": fieldtype,
		"route": ["List", doctype],
		"route_options": route_options,
	}
