"""Lead and deal in one click: the offer that answers "this pipeline takes no deal without a lead" (decision 1)."""

from typing import Any

import frappe

from auto_dealer.sales.convert_lead import convert_lead
from auto_dealer.sales.deal_input import LEAD_FIELDS, deal_fields, pick

DEFAULT_TYPE = "Primary Visit"


def create_lead_and_deal(values: dict[str, Any]) -> dict[str, str]:
	"""`{"lead": …, "deal": …}`; `values` are fields of the deal and of the lead together, nothing typed is lost.

	Either both are made or none. Throws what the lead's rules throw: EmptyCard, ActiveDealExists.
	"""
	lead = frappe.new_doc("Auto Lead")
	lead.update(pick(values, LEAD_FIELDS))
	lead.enquiry_type = lead.enquiry_type or default_enquiry_type()
	lead.insert()
	deal = convert_lead(lead.name, values.get("pipeline"), pick(values, deal_fields()))
	return {"lead": lead.name, "deal": deal}


def default_enquiry_type() -> str | None:
	"""Primary Visit, or the first enabled primary type when an admin has renamed it."""
	if frappe.db.exists("Enquiry Type", {"name": DEFAULT_TYPE, "is_enabled": 1}):
		return DEFAULT_TYPE
	return frappe.db.get_value(
		"Enquiry Type", {"is_enabled": 1, "is_secondary": 0, "is_target": 1}, "name", order_by="creation"
	)
