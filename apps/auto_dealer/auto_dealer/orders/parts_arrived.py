"""Parts that have come are put aside for the orders that wait for them, the oldest first."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.orders.reserve_parts import DOCTYPE, reserve
from auto_dealer.orders.rules.stages import AGREED, IN_WORK


def after_receipt(receipt: Document) -> None:
	"""A submitted Purchase Receipt: a job after the commit, so that the storekeeper does not wait."""
	if orders := waiting_orders({row.item_code for row in receipt.items}):
		frappe.enqueue(
			"auto_dealer.orders.parts_arrived.reserve_for",
			orders=orders,
			queue="short",
			enqueue_after_commit=True,
		)


def waiting_orders(items: set[str]) -> list[str]:
	"""Agreed orders for which one of the items is ordered or missing."""
	rows = frappe.get_all(
		"Work Order Part",
		{"item": ("in", list(items)), "stock_state": ("in", ("Ordered", "Missing")), "approval": "Approved"},
		pluck="parent",
	)
	filters = {"name": ("in", rows), "stage": ("in", (AGREED, IN_WORK))}
	return frappe.get_all(DOCTYPE, filters, pluck="name", order_by="agreed_at, name") if rows else []


def reserve_for(orders: list[str]) -> None:
	"""The job: each order takes what is there now."""
	for order in orders:
		reserve(order)
