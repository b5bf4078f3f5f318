"""What the desk may call for appraisals."""

from __future__ import annotations

import json

import frappe

from auto_dealer.appraisal import deal_state, use_price, vin_lookup
from auto_dealer.sales.retry import run_locked
from auto_dealer.sales.specialist_document import find_people

DOCTYPE = "Vehicle Appraisal"
APPRAISER = "Dealer Appraiser"


@frappe.whitelist()
def get_deal_appraisal(deal: str) -> dict | None:
	"""Status and prices of the deal's appraisal, for whoever reads the deal."""
	frappe.has_permission("Auto Deal", "read", doc=deal, throw=True)
	return deal_state.get_state(deal)


@frappe.whitelist()
def get_calculation(appraisal: str) -> dict:
	"""The recommended price line by line, as saved; for whoever reads the appraisal."""
	frappe.has_permission(DOCTYPE, "read", doc=appraisal, throw=True)
	return deal_state.get_calculation(frappe.get_doc(DOCTYPE, appraisal))


@frappe.whitelist()
def get_vin_state(appraisal: str) -> dict:
	"""What services have answered about the present VIN, and what was filled in by them."""
	frappe.has_permission(DOCTYPE, "read", doc=appraisal, throw=True)
	stored = frappe.db.get_value(
		DOCTYPE, appraisal, ["vin", "filled_by_vin", "filled_over", "modified"], as_dict=True
	)
	fields = ["connector", "status", "error", "next_try_at", "answered_at", "found"]
	rows = frappe.get_all(
		"VIN Lookup", {"appraisal": appraisal, "vin": stored.vin}, fields, order_by="connector"
	)
	for row in rows:
		row.named = (json.loads(row.pop("found") or "{}")).get("named")
	return {
		"lookups": rows if stored.vin else [],
		"filled": json.loads(stored.filled_by_vin or "{}"),
		"filled_over": stored.filled_over,
		"modified": str(stored.modified),
	}


@frappe.whitelist(methods=["POST"])
def ask_services(appraisal: str) -> list[str]:
	"""Asks all services about the VIN again, in the background. For those who may write the appraisal."""
	frappe.has_permission(DOCTYPE, "write", doc=appraisal, throw=True)
	doc = frappe.get_doc(DOCTYPE, appraisal)
	return vin_lookup.ask_services(doc, again=True) if doc.vin else []


@frappe.whitelist(methods=["POST"])
def make_buyout(appraisal: str) -> dict:
	"""{deal, is_new}: the buyout of the agreed car, made now or by an earlier click.

	For those who read the appraisal and may change its deal and make deals.
	"""
	check_use_permission(appraisal)
	frappe.has_permission("Auto Deal", "create", throw=True)
	deal, is_new = run_locked(lambda: use_price.make_buyout(appraisal))
	return {"deal": deal, "is_new": is_new}


@frappe.whitelist(methods=["POST"])
def add_trade_in(appraisal: str) -> dict:
	"""{deal, is_new}: the agreed price stands in the sale's deal as its trade-in. For those who may change the deal."""
	check_use_permission(appraisal)
	deal, is_new = run_locked(lambda: use_price.add_trade_in(appraisal))
	return {"deal": deal, "is_new": is_new}


def check_use_permission(appraisal: str) -> None:
	"""Whoever uses the price reads the appraisal and may change its deal."""
	frappe.has_permission(DOCTYPE, "read", doc=appraisal, throw=True)
	deal = frappe.db.get_value(DOCTYPE, appraisal, "deal")
	frappe.has_permission("Auto Deal", "write", doc=deal, throw=True)


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def find_appraisers(
	doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: dict | str | None = None
) -> list:
	"""Search of the deal's field: enabled users with the appraiser's role, for whoever reads deals."""
	frappe.has_permission("Auto Deal", "read", throw=True)
	return find_people(APPRAISER, txt, start, page_len)
