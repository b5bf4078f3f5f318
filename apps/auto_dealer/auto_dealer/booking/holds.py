"""Rows of Booking Hold."""

import frappe
from frappe import _


def refuse_edit() -> None:
	frappe.throw(_("Taken time is not edited: change the booking itself."), frappe.PermissionError)


def add_indexes() -> None:
	frappe.db.add_unique("Booking Hold", ["resource", "cell", "seat"], "dealer_taken_once")
	frappe.db.add_index("Booking Hold", ["booking"], "dealer_booking")
