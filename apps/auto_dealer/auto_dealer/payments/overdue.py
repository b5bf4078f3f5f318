"""An invoice that is not paid on its day: the robots of its deal or order are told, once, the next morning."""

from __future__ import annotations

from datetime import datetime, time

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, getdate

from auto_dealer.payments.follow_vouchers import billed_of
from auto_dealer.payments.open_invoices import OPEN
from auto_dealer.robots import schedule
from auto_dealer.robots.fire import fire_event
from auto_dealer.robots.rules.robot import INVOICE_OVERDUE

ACTION = "auto_dealer.payments.overdue.tell"
MORNING = time(9)


def plan(request: Document) -> None:
	"""The timer follows the date: planned again it moves."""
	if request.get("dealer_due_date"):
		schedule.plan(key_of(request.name), due_at(request), ACTION, (request.doctype, request.name))


def due_at(request) -> datetime:
	return datetime.combine(add_days(getdate(request.dealer_due_date), 1), MORNING)


def key_of(request: str) -> str:
	return f"invoice:{request}"


def tell(doctype: str, name: str) -> str | None:
	"""The timed action. Paid or cancelled meanwhile: nothing; the date moved without the timer: it is planned anew."""
	request = frappe.get_doc(doctype, name)
	if request.docstatus != 1 or request.status not in OPEN:
		return None
	told = []
	for billed_doctype, billed_name in sorted(billed_of(request)):
		if frappe.db.get_value(billed_doctype, billed_name, "outstanding_amount") > 0:
			fire_event(billed_doctype, billed_name, INVOICE_OVERDUE)
			told.append(billed_name)
	return ", ".join(told) or None
