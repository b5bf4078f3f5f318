"""Deals from before payments: nothing was paid through the system, so all of an open deal's sum is left to pay."""

import frappe


def execute():
	frappe.db.sql(
		"""update `tabAuto Deal` set outstanding_amount = amount
		where is_closed = 0 and amount > 0 and paid_amount = 0 and outstanding_amount = 0"""
	)
