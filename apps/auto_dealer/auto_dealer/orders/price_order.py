"""Fills what lines leave out (names, norm hours, prices) and computes every sum. Nothing is taken from the browser."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.orders.order_lines import TABLES, lines_of, order_discount
from auto_dealer.orders.rules.stages import CANCELLED
from auto_dealer.orders.rules.totals import BadLine, decimal, sum_up
from auto_dealer.workshop.norms import find_norm
from auto_dealer.workshop.part_prices import find_part_prices
from auto_dealer.workshop.rates import find_rate

TEMPLATE = "Sales Taxes and Charges Template"


class LineNotPriced(frappe.ValidationError):
	"""A line with a negative number or a discount beyond 0 to 100 %."""


class DiscountNeedsReason(frappe.ValidationError):
	"""Who gives a discount says why."""


def fill_lines(order: Document) -> None:
	"""Names, hours and prices of the lines that have none yet."""
	for row in order.labour:
		_fill_labour(order, row)
	_fill_parts(order)
	for table in TABLES.values():
		for row in order.get(table):
			row.currency = order.currency
			row.name = row.name or frappe.generate_hash(length=10)


def _fill_labour(order: Document, row: Document) -> None:
	if row.operation and not row.hours and not row.fixed_price:
		found = find_norm(row.operation, order.vehicle)
		row.hours, row.hours_explanation = float(found.hours), found.explanation
	row.description = row.description or row.operation
	row.is_warranty = row.is_warranty or order.is_warranty
	if not row.description:
		frappe.throw(_("Row {0}: name the work.").format(row.idx))
	if not row.rate and not row.fixed_price:
		group = frappe.get_cached_value("Labour Operation", row.operation, "group") if row.operation else None
		row.rate = float(find_rate(group, order.client_kind, bool(row.is_warranty)))


def _fill_parts(order: Document) -> None:
	unpriced = [row.item for row in order.parts if row.item and not row.rate]
	prices = find_part_prices(unpriced)
	for row in order.parts:
		if row.item:
			item = frappe.get_cached_value("Item", row.item, ["item_name", "stock_uom"], as_dict=True)
			row.description, row.uom = row.description or item.item_name, item.stock_uom
			row.rate = row.rate or float(prices.get(row.item, 0))
		elif row.source == "Stock":
			frappe.throw(_("Parts, row {0}: choose the part that is taken from stock.").format(row.idx))
		if not row.description:
			frappe.throw(_("Parts, row {0}: name the part.").format(row.idx))


def check_lines(order: Document) -> None:
	"""Refuses lines that cannot be priced."""
	try:
		list(lines_of(order))
	except BadLine as problem:
		frappe.throw(bad_line_message(str(problem)), LineNotPriced)


def calculate(order: Document) -> None:
	"""Amounts of lines and all totals, by `rules.totals`."""
	lines = list(lines_of(order))
	for line in lines:
		line.row.amount = float(line.sum.amount)
	totals = sum_up([line.line for line in lines], order_discount(order), vat_rate(order))
	order.labour_total, order.parts_total = float(totals.labour), float(totals.parts)
	order.sublet_total, order.discount_total = float(totals.sublets), float(totals.discount)
	order.total, order.approved_total = float(totals.total), float(totals.approved)
	order.vat_amount, order.net_total = float(totals.vat), float(totals.net)
	owed = totals.approved if order.stage != CANCELLED else Decimal(0)
	order.outstanding_amount = float(owed - decimal(order.paid_amount))


def bad_line_message(problem: str) -> str:
	if problem == "discount":
		return _("A discount is 0 to 100 %.")
	return _("Hours, quantities and prices are not negative.")


def check_discount(order: Document) -> None:
	"""A discount without a reason is refused."""
	if order.discount_total and not (order.discount_reason or "").strip():
		frappe.throw(_("Write the reason of the discount."), DiscountNeedsReason)


def vat_rate(order: Document) -> Decimal:
	"""Percent of the order's tax template; prices include it."""
	if not order.taxes_and_charges:
		return Decimal(0)
	rates = frappe.get_all(
		"Sales Taxes and Charges",
		{"parent": order.taxes_and_charges, "parenttype": TEMPLATE, "charge_type": "On Net Total"},
		pluck="rate",
	)
	return sum((decimal(rate) for rate in rates), Decimal(0))


def default_taxes(company: str) -> str | None:
	"""Of the settings if it is the company's, else the company's default."""
	own = frappe.db.get_single_value("Work Order Settings", "taxes_and_charges")
	if own and frappe.get_cached_value(TEMPLATE, own, "company") == company:
		return own
	return frappe.db.get_value(TEMPLATE, {"company": company, "is_default": 1, "disabled": 0})
