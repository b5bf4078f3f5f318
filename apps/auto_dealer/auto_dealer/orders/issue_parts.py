"""Parts are handed to the mechanics, and come back when they are not needed."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html

from auto_dealer.orders.move_parts import Move, is_stock_item, post, touch, write
from auto_dealer.orders.reserve_parts import DOCTYPE, OWN, reserve_parts
from auto_dealer.orders.rules.stages import AGREED, IN_WORK, QUALITY
from auto_dealer.orders.rules.totals import APPROVED, decimal
from auto_dealer.orders.stock_on_hand import describe_places, lock_bins
from auto_dealer.orders.warehouses import RESERVE, WORK, warehouse_of


class PartsMissing(frappe.ValidationError):
	"""Stock would become negative; `frappe.response["missing_parts"]` says what is missing and where it lies."""


class NotNow(frappe.ValidationError):
	"""Parts are issued to agreed orders only, and taken back until the order is invoiced."""


def issue(order: str, rows: list[str] | None = None) -> list[str]:
	"""Issues these approved parts (all when None) to the workshop; what is not reserved yet is taken from stock.

	All or nothing: if one is missing, nothing is issued. The caller checks the right to write the order.
	"""
	doc = frappe.get_doc(DOCTYPE, order, for_update=True)
	if doc.stage not in (AGREED, IN_WORK, QUALITY):
		frappe.throw(_("Parts are issued to an order that is agreed and not ready yet."), NotNow)
	chosen = [row for row in doc.parts if _is_open(row) and (rows is None or row.name in rows)]
	lock_bins(row.item for row in chosen if row.item)
	reserve_parts(doc)
	_refuse_missing(doc, [row for row in chosen if is_stock_item(row.item) and not _is_reserved(row)])
	reserve_place, work_place = warehouse_of(doc.company, RESERVE), warehouse_of(doc.company, WORK)
	post(
		doc,
		[Move(row, decimal(row.reserved_qty), reserve_place, work_place) for row in chosen],
		_("issued to the workshop"),
	)
	for row in chosen:
		write(row, issued_qty=float(row.qty), reserved_qty=0, stock_state="Issued", stock_note=None)
	touch(doc)
	return [row.name for row in chosen]


def _is_open(row: Document) -> bool:
	return row.approval == APPROVED and row.source != OWN and decimal(row.issued_qty) < decimal(row.qty)


def _is_reserved(row: Document) -> bool:
	return decimal(row.reserved_qty) + decimal(row.issued_qty) >= decimal(row.qty)


def _refuse_missing(order: Document, rows: list[Document]) -> None:
	if not rows:
		return
	missing = [
		{
			"row": row.name,
			"item": row.item,
			"description": row.description,
			"qty": float(decimal(row.qty) - decimal(row.issued_qty)),
			"places": describe_places(row.item, order.company, order.name),
		}
		for row in rows
	]
	frappe.response["missing_parts"] = missing
	lines = "".join(
		f"<li>{escape_html(part['description'])}: "
		+ _("{0} needed; {1}").format(f"{part['qty']:g}", escape_html(part["places"]))
		+ "</li>"
		for part in missing
	)
	frappe.throw(
		_("Not enough in stock, nothing is issued:") + f"<ul>{lines}</ul>",
		PartsMissing,
		title=_("Parts Are Missing"),
	)


def take_back(order: str, row_name: str, qty: float | None = None) -> None:
	"""A part that was issued or put aside goes back to where it came from. The caller checks the right to write."""
	doc = frappe.get_doc(DOCTYPE, order, for_update=True)
	row = next((row for row in doc.parts if row.name == row_name), None)
	if not row or doc.sales_invoice:
		frappe.throw(_("Parts of an invoiced order come back by a credit note."), NotNow)
	issued, reserved = decimal(row.issued_qty), decimal(row.reserved_qty)
	wanted = decimal(qty) if qty else issued + reserved
	if not 0 < wanted <= issued + reserved:
		frappe.throw(_("Only {0} are taken for this order.").format(f"{issued + reserved:f}"), NotNow)
	from_issue, from_reserve = min(wanted, issued), max(wanted - issued, decimal(0))
	lock_bins([row.item])
	sources = ((from_issue, WORK), (from_reserve, RESERVE))
	moves = [
		Move(row, part, warehouse_of(doc.company, kind), row.taken_from) for part, kind in sources if part
	]
	post(doc, moves, _("returned"))
	left = issued - from_issue
	write(
		row,
		issued_qty=float(left),
		reserved_qty=float(reserved - from_reserve),
		stock_state="Issued" if left else "Reserved" if reserved - from_reserve else "Returned",
	)
	touch(doc)
