"""What is already known of a client when a new enquiry comes (R48)."""

from typing import Any

import frappe

LATEST = 20


def get_history(doctype: str, name: str) -> dict[str, Any]:
	"""`{contact, customer, leads, deals, vehicles}`: the client's other leads and deals, newest first, and cars.

	Only what the session's user may read; the numbers of all are in `lead_count` and `deal_count`.
	"""
	if doctype not in ("Auto Lead", "Auto Deal"):
		frappe.throw(frappe._("Only leads and deals have a client."))
	client = frappe.db.get_value(doctype, name, ["contact", "customer"], as_dict=True)
	history = {
		"contact": client.contact,
		"customer": client.customer,
		"leads": [],
		"deals": [],
		"vehicles": [],
	}
	if not client.contact:
		return {**history, "lead_count": 0, "deal_count": 0}
	not_this = {"name": ("!=", name)}
	history["leads"] = _visible(
		"Auto Lead", client.contact, not_this, ["status", "enquiry_type", "ad_channel", "deal"]
	)
	history["deals"] = _visible(
		"Auto Deal",
		client.contact,
		not_this,
		["title", "pipeline", "stage", "amount", "currency", "result", "vehicle"],
	)
	history["vehicles"] = _vehicles(client)
	history["lead_count"] = frappe.db.count("Auto Lead", {"contact": client.contact, **not_this})
	history["deal_count"] = frappe.db.count("Auto Deal", {"contact": client.contact, **not_this})
	return history


def _visible(doctype: str, contact: str, filters: dict, fields: list[str]) -> list[dict]:
	if not frappe.has_permission(doctype, "read"):
		return []
	return frappe.get_list(
		doctype,
		filters={"contact": contact, **filters},
		fields=["name", "creation", "responsible", *fields],
		order_by="creation desc",
		limit=LATEST,
	)


def _vehicles(client: frappe._dict) -> list[dict]:
	if not frappe.has_permission("Auto Vehicle", "read"):
		return []
	owners = [["owner_contact", "=", client.contact]]
	if client.customer:
		owners.append(["owner_customer", "=", client.customer])
	return frappe.get_list(
		"Auto Vehicle",
		or_filters=owners,
		fields=["name", "title", "vin", "licence_plate", "year", "ownership"],
		order_by="modified desc",
		limit=LATEST,
	)
