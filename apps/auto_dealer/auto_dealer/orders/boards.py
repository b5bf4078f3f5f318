"""Two boards of the workshop: the managers' one, from bookings to cars handed over with sums, and the garage's, without.

	board  = {side, may_move, currency, columns: [{stage, label, count, cards: [card]}]}
	card   = {doctype, name, client, car, plate, promised_at, is_late, jobs [{title, mechanic, state}], missing_parts,
	          waits_for_client} and on the managers' board {total, outstanding, currency, advisor}

A mechanic gets the garage's board with the orders of the own jobs only.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import add_days, get_datetime, now_datetime, nowdate

from auto_dealer.orders.rules.stages import (
	AGREED,
	CANCELLED,
	CLOSED,
	ESTIMATE,
	HANDED_OVER,
	IN_WORK,
	INSPECTION,
	MAIN_LINE,
	QUALITY,
	READY,
)
from auto_dealer.orders.rules.totals import APPROVED, DECLINED
from auto_dealer.sales.company_currency import company_currency

DOCTYPE, BOOKING, TIME = "Service Work Order", "Service Booking", "Mechanic Time"
MANAGERS, GARAGE = "managers", "garage"
STAGES = {
	MANAGERS: tuple(stage for stage in MAIN_LINE if stage != CLOSED),
	GARAGE: (INSPECTION, ESTIMATE, AGREED, IN_WORK, QUALITY, READY),
}
BOOKED = "Booked"
MOST_CARDS = 400
FIELDS = (
	*("name", "stage", "client_name", "vehicle_title", "licence_plate", "promised_at", "total"),
	*("approved_total", "outstanding_amount", "currency", "service_advisor"),
)


@frappe.whitelist()
def get_board(side: str, text: str = "", advisor: str = "") -> dict:
	"""See above. The managers' board is for those who read orders, the garage's also for mechanics."""
	frappe.has_permission(DOCTYPE if side == MANAGERS else TIME, "read", throw=True)
	orders = read_orders(side, text, advisor)
	details = read_details([order.name for order in orders])
	cards = [make_card(side, order, details.get(order.name, {})) for order in orders]
	columns = [
		make_column(stage, [card for card, order in zip(cards, orders, strict=True) if order.stage == stage])
		for stage in STAGES[MANAGERS if side == MANAGERS else GARAGE]
	]
	if side == MANAGERS:
		columns.insert(0, make_column(BOOKED, read_bookings(text)))
	return {
		"side": side,
		"may_move": bool(frappe.has_permission(DOCTYPE, "write")),
		"currency": company_currency() if side == MANAGERS else None,
		"columns": columns,
	}


def read_orders(side: str, text: str, advisor: str) -> list[frappe._dict]:
	filters = {"stage": ("in", STAGES[MANAGERS if side == MANAGERS else GARAGE])}
	if advisor:
		filters["service_advisor"] = advisor
	options = {
		"fields": list(FIELDS),
		"or_filters": search_filters(text),
		"order_by": "creation",
		"limit": MOST_CARDS,
	}
	if frappe.has_permission(DOCTYPE, "read"):
		orders = frappe.get_list(DOCTYPE, filters=filters, **options)
	else:
		# A mechanic: the orders of the own jobs, whatever else they hold.
		filters["name"] = ("in", own_orders(frappe.session.user) or [""])
		orders = frappe.get_all(DOCTYPE, filters=filters, **options)
	return sorted(orders, key=lambda order: str(order.promised_at or "9"))


def own_orders(mechanic: str) -> list[str]:
	return frappe.get_all(
		"Work Order Labour",
		{"mechanic": mechanic, "approval": APPROVED, "parenttype": DOCTYPE},
		pluck="parent",
		distinct=True,
	)


def search_filters(text: str) -> dict | None:
	text = (text or "").strip()
	if not text:
		return None
	columns = ("name", "client_name", "vehicle_title", "licence_plate", "vin")
	return {column: ("like", f"%{text}%") for column in columns}


def read_details(orders: list[str]) -> dict[str, dict]:
	"""Of each order its works that go on, missing parts and lines without an answer; three queries for all."""
	details: dict[str, dict] = {name: {"jobs": [], "missing": 0, "asked": 0} for name in orders}
	if not orders:
		return details
	filters = {"parent": ("in", orders), "parenttype": DOCTYPE, "approval": ("!=", DECLINED)}
	rows = frappe.get_all(
		"Work Order Labour",
		filters,
		["parent", "description", "mechanic", "state", "approval"],
		order_by="parent, idx",
	)
	for row in rows:
		details[row.parent]["jobs"].append(
			{"title": row.description, "mechanic": mechanic_name(row.mechanic), "state": row.state}
		)
		details[row.parent]["asked"] += row.approval == "Proposed"
	for row in frappe.get_all("Work Order Part", filters, ["parent", "stock_state", "approval"]):
		details[row.parent]["missing"] += row.stock_state in ("Missing", "Ordered")
		details[row.parent]["asked"] += row.approval == "Proposed"
	return details


def mechanic_name(user: str | None) -> str | None:
	return (frappe.get_cached_value("User", user, "full_name") or user) if user else None


def make_card(side: str, order: frappe._dict, details: dict) -> dict:
	promised = get_datetime(order.promised_at) if order.promised_at else None
	card = {
		"doctype": DOCTYPE,
		"name": order.name,
		"client": order.client_name,
		"car": order.vehicle_title,
		"plate": order.licence_plate,
		"promised_at": str(promised)[:16] if promised else None,
		"is_late": bool(promised and promised < now_datetime() and order.stage not in (READY, HANDED_OVER)),
		"jobs": details.get("jobs", []),
		"missing_parts": details.get("missing", 0),
		"waits_for_client": details.get("asked", 0),
	}
	if side != MANAGERS:
		# The garage knows cars, not clients.
		return {key: value for key, value in card.items() if key != "client"}
	return {
		**card,
		"total": order.approved_total or order.total,
		"outstanding": order.outstanding_amount,
		"currency": order.currency,
		"advisor": mechanic_name(order.service_advisor),
	}


def make_column(stage: str, cards: list[dict]) -> dict:
	label = _(BOOKED, context=BOOKING) if stage == BOOKED else _(stage, context=DOCTYPE)
	return {"stage": stage, "label": label, "count": len(cards), "cards": cards}


def read_bookings(text: str) -> list[dict]:
	"""Requests and bookings for which no order is open yet, from yesterday on."""
	if not frappe.has_permission(BOOKING, "read"):
		return []
	columns = ("name", "client_name", "vehicle_title", "licence_plate", "vin")
	found = (text or "").strip()
	rows = frappe.get_list(
		BOOKING,
		{"status": ("in", ("Requested", "Confirmed", "Arrived")), "start": (">=", add_days(nowdate(), -1))},
		["name", "client_name", "vehicle_title", "licence_plate", "start", "services", "status"],
		or_filters={column: ("like", f"%{found}%") for column in columns} if found else None,
		order_by="start",
		limit=MOST_CARDS,
	)
	names = [row.name for row in rows] or [""]
	opened = set(
		frappe.get_all(DOCTYPE, {"booking": ("in", names), "stage": ("!=", CANCELLED)}, pluck="booking")
	)
	return [booking_card(row) for row in rows if row.name not in opened]


def booking_card(row: frappe._dict) -> dict:
	return {
		"doctype": BOOKING,
		"name": row.name,
		"client": row.client_name,
		"car": row.vehicle_title,
		"plate": row.licence_plate,
		"promised_at": str(row.start)[:16],
		"is_late": row.status != "Arrived" and get_datetime(row.start) < now_datetime(),
		"jobs": [{"title": row.services, "mechanic": None, "state": row.status}] if row.services else [],
		"missing_parts": 0,
		"waits_for_client": 0,
	}
