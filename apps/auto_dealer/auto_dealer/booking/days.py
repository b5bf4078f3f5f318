"""Rows of Booking Day."""

import frappe
from frappe import _


def refuse_edit() -> None:
	frappe.throw(_("Taken time is not edited: change the booking itself."), frappe.PermissionError)


def add_indexes() -> None:
	frappe.db.add_index("Booking Day", ["day", "resource"], "dealer_day")
