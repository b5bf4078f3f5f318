"""What a working calendar must be before it is saved."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.workshop.errors import UnusableCalendar
from auto_dealer.workshop.rules.working_hours import DAY, find_problem
from auto_dealer.workshop.working_time import to_minutes, to_shift


def check_calendar(doc: Document) -> None:
	"""Writes breaks as `13:00`; refuses half a break and a break outside its shift, naming the row."""
	for row in doc.shifts:
		row.break_start, row.break_end = (
			_tidy_time(row, value) for value in (row.break_start, row.break_end)
		)
		problem = find_problem(to_shift(row))
		if problem == "half a break":
			text = _("Row {0}: a break needs its start and its end.")
		elif problem:
			text = _("Row {0}: the break lies outside the shift.")
		else:
			continue
		frappe.throw(text.format(row.idx), UnusableCalendar)


def _tidy_time(row: Document, value: object) -> str | None:
	"""Frappe fills an empty Time field with the present time, so a break is text."""
	if value is None or value == "":
		return None
	try:
		minutes = to_minutes(value)
	except ValueError:
		minutes = -1
	if not 0 <= minutes < DAY:
		frappe.throw(
			_("Row {0}: {1} is no time of day, as 13:00 is.").format(row.idx, value), UnusableCalendar
		)
	return f"{minutes // 60:02}:{minutes % 60:02}"
