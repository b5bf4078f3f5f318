"""What a change of lines by staff means for approvals, for stock, and after the invoice."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.orders.order_lines import TABLES, OrderLine, lines_of
from auto_dealer.orders.rules.approval import Billed, approval_after_change
from auto_dealer.orders.rules.totals import decimal


class LineInUse(frappe.ValidationError):
	"""The line has parts from stock or worked time; it cannot simply go."""


class OrderIsInvoiced(frappe.ValidationError):
	"""What was invoiced is changed by a credit note, never by rewriting."""


def apply_changes(order: Document) -> None:
	"""After the lines are filled and before the totals: an approval holds for what was approved only."""
	before = order.get_doc_before_save()
	if order.flags.by_use_case:
		return
	stored = {line.id: line for line in lines_of(before)} if before else {}
	for line in lines_of(order):
		old = stored.get(line.id)
		line.row.approval = approval_after_change(old.billed if old else None, line.billed)
		if old:
			_refuse_less_than_taken(line, old)
	_refuse_removal(order, stored)


def _refuse_less_than_taken(line: OrderLine, old: OrderLine) -> None:
	taken = decimal(old.row.get("reserved_qty")) + decimal(old.row.get("issued_qty"))
	if not taken:
		return
	if line.row.item != old.row.item or line.row.source != old.row.source or taken > decimal(line.row.qty):
		frappe.throw(
			_("{0}: {1} are taken from stock for this order. Return them first.").format(
				frappe.bold(line.title), taken.normalize()
			),
			LineInUse,
		)


def _refuse_removal(order: Document, stored: dict[str, OrderLine]) -> None:
	here = {row.name for table in TABLES.values() for row in order.get(table)}
	for line in stored.values():
		if line.id in here:
			continue
		row = line.row
		if decimal(row.get("reserved_qty")) or decimal(row.get("issued_qty")) or row.get("actual_minutes"):
			frappe.throw(
				_("{0} cannot be removed: parts are taken or time is worked for it.").format(
					frappe.bold(line.title)
				),
				LineInUse,
			)


def refuse_after_invoice(order: Document) -> None:
	"""After the totals: nothing of what the client was billed may differ."""
	before = order.get_doc_before_save()
	if not before or not before.sales_invoice or not order.sales_invoice:
		return
	if billed_content(before) != billed_content(order):
		frappe.throw(
			_(
				"The order is invoiced by {0}. Open it again with a credit note (“Open Again”), change it, and close it anew."
			).format(before.sales_invoice),
			OrderIsInvoiced,
			title=_("The order is invoiced"),
		)


def billed_content(order: Document) -> tuple[object, ...]:
	"""All that the invoice says."""
	lines: list[tuple[str, Billed]] = [(line.id, line.billed) for line in lines_of(order)]
	head = (order.contact, order.customer, order.company, order.vehicle, order.taxes_and_charges)
	return (*head, decimal(order.approved_total), *lines)
