"""Agreed parts are put aside for their order; what is not there is ordered, or told."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, nowdate

from auto_dealer.orders.move_parts import Move, is_stock_item, post, touch, write
from auto_dealer.orders.rules.parts import choose_warehouse
from auto_dealer.orders.rules.totals import APPROVED, decimal
from auto_dealer.orders.stock_on_hand import describe_places, lock_bins, on_hand
from auto_dealer.orders.warehouses import RESERVE, warehouse_of
from auto_dealer.payments.post import submit

DOCTYPE = "Service Work Order"
TO_ORDER, OWN = "To Order", "Client's Own"
SAVEPOINT = "dealer_reserve"


def reserve(order: str) -> list[str]:
	"""Tries again for an order; the parts that are still missing. The caller checks the right to write it."""
	doc = frappe.get_doc(DOCTYPE, order, for_update=True)
	missing = reserve_parts(doc)
	touch(doc)
	return missing


def reserve_parts(order: Document) -> list[str]:
	"""Of a saved order, for all approved parts; gives the descriptions of those that are missing.

	Two orders at a time for the last part: the bins are locked, one gets it, the other is told where it went.
	"""
	rows = [row for row in order.parts if wants_stock(row)]
	lock_bins(row.item for row in rows)
	moves, missing = [], []
	reserve_place = warehouse_of(order.company, RESERVE) if rows else None
	usual = frappe.db.get_single_value("Work Order Settings", "stock_warehouse")
	taken: dict[tuple[str, str], object] = {}
	for row in rows:
		needed = wanted_qty(row)
		places = [
			type(place)(place.warehouse, place.qty - taken.get((row.item, place.warehouse), 0))
			for place in on_hand(row.item, order.company)
		]
		source = choose_warehouse(needed, places, row.warehouse, usual)
		if source:
			taken[row.item, source] = taken.get((row.item, source), 0) + needed
			moves.append(Move(row, needed, source, reserve_place))
		else:
			missing.append(row)
	if moves:
		post(order, moves, _("reserved"))
	for move in moves:
		write(
			move.row,
			reserved_qty=float(decimal(move.row.reserved_qty) + move.qty),
			taken_from=move.source,
			stock_state="Reserved",
			stock_note=None,
		)
	note_missing(order, missing)
	return [row.description for row in missing]


def wants_stock(row: Document) -> bool:
	"""An approved part of our stock that is neither put aside nor issued yet."""
	return row.approval == APPROVED and row.source != OWN and is_stock_item(row.item) and wanted_qty(row) > 0


def wanted_qty(row: Document):
	return decimal(row.qty) - decimal(row.reserved_qty) - decimal(row.issued_qty)


def note_missing(order: Document, rows: list[Document]) -> None:
	"""To-order parts become a purchase request, once; the others say where they lie."""
	to_order = [row for row in rows if row.source == TO_ORDER and not row.material_request]
	if to_order:
		request = make_request(order, to_order)
		for row in to_order:
			write(row, material_request=request, stock_state="Ordered", stock_note=None)
	for row in rows:
		if row.source != TO_ORDER:
			places = describe_places(row.item, order.company, order.name)
			write(row, stock_state="Missing", stock_note=_("Not enough: {0}").format(places)[:500])


def make_request(order: Document, rows: list[Document]) -> str:
	"""ERPNext's Material Request (Purchase), for the day that the order is promised."""
	needed_by = max(getdate(order.promised_at or nowdate()), getdate(nowdate()))
	usual = frappe.db.get_single_value("Work Order Settings", "stock_warehouse")
	usual = usual or frappe.db.get_single_value("Stock Settings", "default_warehouse")
	request = frappe.get_doc(
		{
			"doctype": "Material Request",
			"material_request_type": "Purchase",
			"company": order.company,
			"schedule_date": needed_by,
			"dealer_work_order": order.name,
			"dealer_deal": order.deal,
			"items": [
				{
					"item_code": row.item,
					"qty": float(wanted_qty(row)),
					"schedule_date": needed_by,
					"warehouse": row.warehouse or usual,
				}
				for row in rows
			],
		}
	)
	return submit(request).name


def release_parts(order: Document) -> None:
	"""Puts back what was put aside and is not to be used: the order is cancelled, the line is no longer approved."""
	rows = [
		row
		for row in order.parts
		if decimal(row.reserved_qty) > 0 and (order.stage == "Cancelled" or row.approval != APPROVED)
	]
	if not rows:
		return
	lock_bins(row.item for row in rows)
	place = warehouse_of(order.company, RESERVE)
	moves = [Move(row, decimal(row.reserved_qty), place, row.taken_from) for row in rows]
	post(order, moves, _("released"))
	for row in rows:
		write(row, reserved_qty=0, stock_state="Returned" if not row.issued_qty else "Issued")
