"""A work order as a bill: every approved line, works by the hour, parts from the workshop's warehouse."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.orders.move_parts import is_stock_item
from auto_dealer.orders.order_lines import OWN_PART, OrderLine, lines_of
from auto_dealer.orders.rules.stages import CANCELLED
from auto_dealer.orders.rules.totals import APPROVED, LABOUR, PART, SUBLET
from auto_dealer.orders.warehouses import WORK, warehouse_of
from auto_dealer.payments.rules.bill import Bill, BillLine

ITEM_FIELDS = {LABOUR: "labour_item", PART: "part_item", SUBLET: "sublet_item"}


class ItemNotSet(frappe.ValidationError):
	"""Work Order Settings name no item for works, sublets or parts without a card."""


def get_bill(order: Document) -> Bill:
	"""For `payments`: approved lines as they are priced here; their sum is the order's approved total."""
	lines = [
		line
		for line in lines_of(order)
		if order.stage != CANCELLED
		and line.row.approval == APPROVED
		and line.line.qty > 0
		and line.row.get("source") != OWN_PART
	]
	return Bill(
		customer=order.customer,
		contact=order.contact,
		company=order.company,
		currency=order.currency,
		lines=[bill_line(order, line) for line in lines],
		total=sum((line.sum.amount for line in lines), Decimal("0.00")),
	)


def bill_line(order: Document, line: OrderLine) -> BillLine:
	is_whole = line.line.fixed_price or line.line.is_free
	return BillLine(
		item_code=item_of(line),
		description=describe(line),
		qty=1 if is_whole and line.kind != PART else line.line.qty,
		rate=Decimal(0) if line.line.is_free else line.line.fixed_price or line.line.rate,
		warehouse=warehouse_of(order.company, WORK) if is_stock_item(line.row.get("item")) else None,
		discount_amount=line.sum.discount,
	)


def describe(line: OrderLine) -> str:
	if line.kind == LABOUR and line.line.fixed_price and line.line.qty:
		return _("{0} ({1} h)").format(line.title, f"{line.line.qty.normalize():f}")
	return line.title


def item_of(line: OrderLine) -> str:
	"""The part's own item; a standing one for the rest."""
	if line.row.get("item"):
		return line.row.item
	field = ITEM_FIELDS[line.kind]
	settings = frappe.get_cached_doc("Work Order Settings")
	if not settings.get(field):
		label = _(settings.meta.get_label(field))
		frappe.throw(_("Name the item in Work Order Settings: {0}").format(label), ItemNotSet)
	return settings.get(field)
