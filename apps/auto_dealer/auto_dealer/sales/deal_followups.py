"""What follows a saved deal: robots, then the functions of the hook `dealer_deal_changed`, each (deal, before)."""

from __future__ import annotations

import frappe

from auto_dealer.robots.fire import fire


def after_change(deal, before=None) -> None:
	"""`before`: the deal as it was, None for a new one. Within the save's transaction."""
	fire(deal, before)
	for path in frappe.get_hooks("dealer_deal_changed"):
		frappe.get_attr(path)(deal, before)
