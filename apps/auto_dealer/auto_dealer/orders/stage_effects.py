"""What follows from a move of an order to another stage."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.orders.deferred_works import reopen_won_back
from auto_dealer.orders.follow_booking import follow
from auto_dealer.orders.job_clock import end_all_of
from auto_dealer.orders.reserve_parts import release_parts, reserve_parts
from auto_dealer.orders.rules.stages import AGREED, CANCELLED, IN_WORK, QUALITY

SAVEPOINT = "dealer_order_stock"


def after_move(order: Document) -> None:
	"""After the save in which the stage or approvals changed."""
	before = order.get_doc_before_save()
	moved = bool(before) and before.stage != order.stage
	if moved and before.stage in (IN_WORK, QUALITY) and order.stage not in (IN_WORK, QUALITY):
		end_all_of(order.name)
	if moved:
		follow(order)
	if moved and order.stage == CANCELLED:
		release_parts(order)
		reopen_won_back(order)
		return
	if order.flags.approvals_changed or (moved and order.stage == AGREED):
		move_stock(order)


def move_stock(order: Document) -> None:
	"""Puts aside what is approved and back what is not. The client's answer holds whatever the stock says."""
	frappe.db.savepoint(SAVEPOINT)
	try:
		release_parts(order)
		if order.stage in (AGREED, IN_WORK):
			reserve_parts(order)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise
	except frappe.ValidationError:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		frappe.log_error(
			title="Parts of an order could not be put aside",
			reference_doctype=order.doctype,
			reference_name=order.name,
		)
