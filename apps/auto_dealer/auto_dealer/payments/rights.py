"""Who may bill a client and take money in the desk of deals; accountants work in ERPNext by its own rights."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.payments.billed import billed_doctypes

BILLING_ROLES = frozenset(
	{
		*("Dealer Sales Manager", "Dealer Service Advisor", "Dealer Sales Head", "Dealer Buyout Head"),
		*("Dealer Administrator", "Dealer Portal Administrator", "System Manager"),
	}
)


class MayNotBill(frappe.PermissionError):
	"""The user's work is not with the client's money."""


def check_bill_permission(doctype: str, name: str) -> None:
	"""The document is the user's to change, and bills are part of the user's work."""
	check_money_permission(doctype, name)
	frappe.has_permission(doctype, "write", doc=name, throw=True)
	if not BILLING_ROLES.intersection(frappe.get_roles()):
		frappe.throw(_("You may not make invoices or take payments."), MayNotBill)


def may_bill(doctype: str, name: str) -> bool:
	return bool(
		BILLING_ROLES.intersection(frappe.get_roles()) and frappe.has_permission(doctype, "write", doc=name)
	)


def check_money_permission(doctype: str, name: str) -> None:
	"""Sums and papers are seen by who sees the document and may see money at all."""
	if doctype not in billed_doctypes():
		raise frappe.PermissionError
	frappe.has_permission(doctype, "read", doc=name, throw=True)
