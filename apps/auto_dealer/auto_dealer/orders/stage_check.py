"""Refuses a move that the rules do not allow, and says what to do instead."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, now_datetime

from auto_dealer.orders.order_lines import lines_of
from auto_dealer.orders.rules.stages import (
	AGREED,
	CLOSED,
	HANDED_OVER,
	NEW,
	READY,
	Facts,
	entry_problems,
	is_allowed,
	lasting_problems,
)
from auto_dealer.orders.rules.totals import APPROVED, LABOUR, PART, PROPOSED, SUBLET, decimal

OWN_PART = "Client's Own"
MOMENTS = {
	AGREED: "agreed_at",
	READY: "ready_at",
	HANDED_OVER: "handed_over_at",
	CLOSED: "closed_at",
}


class StageNotReady(frappe.ValidationError):
	"""The order lacks what the stage needs; `frappe.response["problems"]` lists {code, text}."""


class NoSuchMove(frappe.ValidationError):
	"""There is no way from the order's stage straight to the one asked for."""


def check_stage(order: Document) -> None:
	"""On every save; a new order begins as New."""
	before = order.get_doc_before_save()
	if not before:
		order.stage = NEW
		order.stage_changed_at = now_datetime()
		return
	facts = facts_of(order)
	if before.stage == order.stage:
		refuse(order, lasting_problems(order.stage, facts))
		return
	if order.flags.opened_again:
		note_move(order)
		return
	if not is_allowed(before.stage, order.stage):
		frappe.throw(
			_("A work order does not go from {0} to {1}.").format(
				frappe.bold(_(before.stage, context=order.doctype)),
				frappe.bold(_(order.stage, context=order.doctype)),
			),
			NoSuchMove,
		)
	refuse(order, entry_problems(before.stage, order.stage, facts))
	note_move(order)


def note_move(order: Document) -> None:
	"""When and by whom."""
	now = now_datetime()
	order.stage_changed_at = now
	if order.stage in MOMENTS:
		order.set(MOMENTS[order.stage], now)
	if order.stage == READY:
		order.quality_checked_by = frappe.session.user


def facts_of(order: Document) -> Facts:
	"""What the rules ask, counted from the document at hand."""
	lines = list(lines_of(order))
	approved = [line for line in lines if line.row.approval == APPROVED]
	works = [line.row for line in approved if line.kind == LABOUR]
	parts = [line.row for line in approved if line.kind == PART and line.row.source != OWN_PART]
	return Facts(
		has_client=bool(order.contact or order.customer),
		has_vehicle=bool(order.vehicle),
		mileage=cint(order.mileage),
		lines=len(lines),
		proposed=sum(line.row.approval == PROPOSED for line in lines),
		approved=len(approved),
		without_mechanic=sum(not row.mechanic for row in works),
		unfinished=sum(row.state != "Done" for row in works),
		not_issued=sum(decimal(row.issued_qty) < decimal(row.qty) for row in parts if row.item),
		sublets_out=sum(not line.row.is_done for line in approved if line.kind == SUBLET),
		in_stock_hands=sum(decimal(row.issued_qty) > 0 for row in order.parts),
		has_quality_note=bool((order.quality_note or "").strip()),
		paid=decimal(order.paid_amount),
		outstanding=decimal(order.outstanding_amount),
		may_pay_later=bool(order.pay_later and (order.pay_later_reason or "").strip()),
		has_invoice=bool(order.sales_invoice),
		needs_invoice=decimal(order.approved_total) > 0,
		has_cancel_reason=bool((order.cancel_reason or "").strip()),
	)


def problems_before(order: Document, stage: str) -> list[dict]:
	"""What the form shows under a button that is not ready: {code, text}."""
	return _told(entry_problems(order.stage, stage, facts_of(order)))


def refuse(order: Document, codes: list[str]) -> None:
	if not codes:
		return
	frappe.response["problems"] = told = _told(codes)
	items = "".join(f"<li>{problem['text']}</li>" for problem in told)
	text = _("The stage {0} needs:").format(frappe.bold(_(order.stage, context=order.doctype)))
	frappe.throw(f"{text}<ul>{items}</ul>", StageNotReady, title=_("Not Ready for This Stage"))


def _told(codes: list[str]) -> list[dict]:
	return [{"code": code, "text": problem_text(code)} for code in codes]


def problem_text(code: str) -> str:
	return {
		"client": _("Name the client."),
		"vehicle": _("Choose the car."),
		"mileage": _("Write the mileage down."),
		"lines": _("Add a work, a part or a sublet work."),
		"proposed": _("The client has not answered about every line."),
		"approved": _("The client has approved nothing: cancel the order or change the estimate."),
		"mechanic": _("Give every approved work to a mechanic."),
		"unfinished": _("Not all works are finished."),
		"not_issued": _("Not all parts are issued from stock."),
		"sublets": _("Not all sublet works are back."),
		"unpaid": _("The order is not paid. Take the payment, or mark “Pays Later” with a reason."),
		"invoice": _("Make the sales invoice: the button “Close”."),
		"quality_note": _("Write in “Quality Note” what is to be done again."),
		"cancel_reason": _("Write the reason of cancelling."),
		"parts_issued": _("Take the issued parts back to stock."),
		"paid": _("Give the client's money back first."),
		"invoiced": _("The order is invoiced: open it again with a credit note."),
	}[code]
