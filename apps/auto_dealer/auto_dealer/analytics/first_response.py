"""How fast enquiries are answered."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import add_days, nowdate

DAYS = 30


@frappe.whitelist()
def get_average(filters: str | list | dict | None = None) -> dict[str, Any]:
	"""For the number card: the average of seconds from an enquiry to its first response over the last 30 days.

	Only leads that the caller may see; `filters` is what every number card sends and changes nothing.
	"""
	frappe.has_permission("Auto Lead", "read", throw=True)
	found = frappe.get_list(
		"Auto Lead",
		filters={"creation": (">=", add_days(nowdate(), -DAYS)), "first_response_at": ("is", "set")},
		fields=["avg(timestampdiff(second, `tabAuto Lead`.creation, `tabAuto Lead`.first_response_at)) as seconds"],
		order_by="",
	)
	return {
		"value": round(found[0].seconds or 0) if found else 0,
		"fieldtype": "Duration",
		"route": ["List", "Auto Lead"],
	}
