"""An order follows the work on it: the first start puts it in work, the last finish hands it to the quality check."""

from __future__ import annotations

from frappe.model.document import Document

from auto_dealer.orders.rules.stages import AGREED, IN_WORK, QUALITY, entry_problems
from auto_dealer.orders.stage_check import facts_of


def start_order(order: Document) -> None:
	if order.stage == AGREED:
		_move(order, IN_WORK)


def works_done(order: Document) -> None:
	"""After the last job, unless something else is still to be done: then staff move the order."""
	if order.stage == IN_WORK:
		order.reload()
		_move(order, QUALITY)


def _move(order: Document, stage: str) -> None:
	if entry_problems(order.stage, stage, facts_of(order)):
		return
	order.stage = stage
	order.flags.by_use_case = True
	# A mechanic has no right to orders; work on a job moves its order on.
	order.save(ignore_permissions=True)
