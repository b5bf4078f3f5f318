"""What a working calendar must be before it is saved."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.workshop.errors import UnusableCalendar
from auto_dealer.workshop.rules.working_hours import find_problem
from auto_dealer.workshop.working_time import to_shift


def check_calendar(doc: Document) -> None:
	"""Refuses half a break and a break outside its shift, naming the row."""
	for row in doc.shifts:
		problem = find_problem(to_shift(row))
		if problem == "half a break":
			text = _("Row {0}: a break needs its start and its end.")
		elif problem:
			text = _("Row {0}: the break lies outside the shift.")
		else:
			continue
		frappe.throw(text.format(row.idx), UnusableCalendar)
