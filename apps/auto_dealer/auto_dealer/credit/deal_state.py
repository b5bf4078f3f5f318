"""What the deal shows about its credit (R90, R96)."""

from __future__ import annotations

import frappe

DOCTYPE = "Credit Application"
STATUS = ("name", "stage", "last_event", "last_event_at", "specialist")
TOTALS = (
	*("credit_sum", "monthly_payment", "term_months", "rate", "total_commission", "dealer_commission"),
	*("specialist_commission", "manager_commission", "currency"),
)


def get_state(deal: str) -> dict | None:
	"""Status and totals of the deal's application, None without one. The caller has checked the deal.

	Totals are for those who may read applications at all. Nothing personal is among them.
	"""
	fields = list(STATUS)
	if may_read := frappe.has_permission(DOCTYPE, "read"):
		fields += TOTALS
	state = frappe.db.get_value(DOCTYPE, {"deal": deal}, fields, as_dict=True)
	if not state:
		return None
	state.may_open = bool(may_read)
	state.offers = frappe.get_all(
		"Bank Offer",
		{"parent": state.name, "parenttype": DOCTYPE},
		["bank", "status", "is_chosen"],
		order_by="idx",
	)
	return state
