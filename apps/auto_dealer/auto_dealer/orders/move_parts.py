"""Parts go from warehouse to warehouse for an order: by ERPNext's Stock Entries, and by nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe.model.document import Document

from auto_dealer.payments.post import submit


@dataclass(frozen=True)
class Move:
	"""`target` None: used up, without an invoice."""

	row: Document
	qty: Decimal
	source: str
	target: str | None


def post(order: Document, moves: list[Move], note: str) -> str | None:
	"""One submitted Stock Entry of all moves; ERPNext refuses what would make a stock negative."""
	moves = [move for move in moves if is_stock_item(move.row.item)]
	if not moves:
		return None
	purpose = "Material Transfer" if moves[0].target else "Material Issue"
	entry = frappe.get_doc(
		{
			"doctype": "Stock Entry",
			"stock_entry_type": frappe.db.get_value("Stock Entry Type", {"purpose": purpose}),
			"purpose": purpose,
			"company": order.company,
			"dealer_work_order": order.name,
			"dealer_deal": order.deal,
			"remarks": f"{order.name}: {note}",
			"items": [
				{
					"item_code": move.row.item,
					"qty": float(move.qty),
					"s_warehouse": move.source,
					"t_warehouse": move.target,
				}
				for move in moves
			],
		}
	)
	return submit(entry).name


def is_stock_item(item: str | None) -> bool:
	return bool(item and frappe.get_cached_value("Item", item, "is_stock_item"))


def write(row: Document, **values) -> None:
	"""On a row of a saved order, in memory and in the database."""
	row.update(values)
	frappe.db.set_value(row.doctype, row.name, values, update_modified=False)


def touch(order: Document) -> None:
	"""Whoever has the form open sees that the order is another one now."""
	order.db_set("modified", frappe.utils.now(), update_modified=False)
	order.notify_update()
