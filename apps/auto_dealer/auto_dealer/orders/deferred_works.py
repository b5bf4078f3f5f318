"""Works that a client put off: kept by VIN with a date to come back, and counted when they are won back."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, cint, now_datetime, nowdate

from auto_dealer.orders.deferred_card import DROPPED, OPEN, WON_BACK
from auto_dealer.orders.order_lines import OrderLine, lines_of
from auto_dealer.orders.rules.totals import LABOUR, PART, SUBLET, decimal

DEFERRED = "Deferred Work"
KINDS = {LABOUR: "Labour", PART: "Part", SUBLET: "Sublet"}
DAYS = 90


def defer(order: Document, line: OrderLine) -> str:
	"""Of a declined line; one that has been put off before stays open with a new date."""
	day = add_days(nowdate(), _days())
	if name := line.row.deferred_work:
		_change(name, status=OPEN, come_back_on=day, won_back_in=None, won_back_on=None, won_back_amount=0)
		return name
	found = _finding(order, line)
	work = frappe.get_doc(
		{
			"doctype": DEFERRED,
			"kind": KINDS[line.kind],
			"description": line.title[:140],
			"severity": found.severity if found else "",
			"finding": found.finding if found else "",
			"come_back_on": day,
			"vehicle": order.vehicle,
			"vin": order.vin,
			"contact": order.contact,
			"work_order": order.name,
			"mileage": order.mileage,
			"operation": line.row.get("operation"),
			"item": line.row.get("item"),
			"qty": float(line.line.qty),
			"rate": float(line.line.fixed_price or line.line.rate),
			"amount": float(line.sum.amount),
			"currency": order.currency,
		}
	)
	# The client who declines is a guest; the works are written down for the staff.
	work.insert(ignore_permissions=True)
	line.row.deferred_work = work.name
	return work.name


def win_back(order: Document, line: OrderLine) -> None:
	"""Of an approved line that was put off in an earlier order; in the same order the client has only thought again."""
	name = line.row.deferred_work
	if not name:
		return
	if frappe.db.get_value(DEFERRED, name, "work_order") == order.name:
		_change(name, status=DROPPED, drop_reason=_("Approved after all in the same order"))
		return
	_change(
		name,
		status=WON_BACK,
		won_back_in=order.name,
		won_back_on=now_datetime(),
		won_back_amount=float(line.sum.amount),
	)


def count_won_back(order: Document) -> None:
	"""Into the order: the sum of approved lines that came from deferred works of earlier orders."""
	names = [line.row.deferred_work for line in lines_of(order) if line.row.deferred_work]
	won = (
		frappe.get_all(
			DEFERRED,
			{"name": ("in", names), "status": WON_BACK, "won_back_in": order.name},
			pluck="won_back_amount",
		)
		if names
		else []
	)
	order.won_back_total = float(sum((decimal(amount) for amount in won), decimal(0)))


def reopen_won_back(order: Document) -> None:
	"""A cancelled order has won nothing back."""
	for name in frappe.get_all(DEFERRED, {"won_back_in": order.name, "status": WON_BACK}, pluck="name"):
		_change(name, status=OPEN, won_back_in=None, won_back_on=None, won_back_amount=0)


def take_into(order: Document, names: list[str]) -> None:
	"""Adds open deferred works of the order's car as proposed lines; the caller saves.

	The works' own prices are not taken: lines are priced anew.
	"""
	here = {line.row.deferred_work for line in lines_of(order)}
	for work in frappe.get_all(
		DEFERRED,
		{"name": ("in", names), "status": OPEN, "vehicle": order.vehicle},
		["*"],
		order_by="creation",
	):
		if work.name in here:
			continue
		row = {"description": work.description, "deferred_work": work.name, "approval": "Proposed"}
		if work.kind == "Labour":
			order.append("labour", {**row, "operation": work.operation, "state": "Waiting"})
			if not work.operation:
				order.labour[-1].update({"hours": work.qty, "rate": work.rate})
		elif work.kind == "Part":
			order.append("parts", {**row, "item": work.item, "qty": work.qty, "source": "Stock"})
			if not work.item:
				order.parts[-1].update({"rate": work.rate, "source": "To Order"})
		else:
			order.append("sublets", {**row, "rate": work.rate})


def open_works(vehicle: str) -> list[dict]:
	"""Of a car, the most pressing first; the caller answers for the right to the car."""
	fields = ["name", "kind", "description", "severity", "finding", "amount", "currency", "come_back_on"]
	fields += ["work_order", "creation"]
	rows = frappe.get_all(DEFERRED, {"vehicle": vehicle, "status": OPEN}, fields, order_by="come_back_on")
	return sorted(rows, key=lambda row: ("Red", "Yellow", "Green", "").index(row.severity or ""))


def _finding(order: Document, line: OrderLine) -> Document | None:
	found = line.row.get("inspection_row")
	return next((row for row in order.inspection if found and row.name == found), None)


def _change(name: str, **values) -> None:
	work = frappe.get_doc(DEFERRED, name, for_update=True)
	work.update(values)
	work.flags.by_use_case = True
	# As above: on the client's answer, who is a guest.
	work.save(ignore_permissions=True)


def _days() -> int:
	return cint(frappe.db.get_single_value("Work Order Settings", "deferred_days")) or DAYS
