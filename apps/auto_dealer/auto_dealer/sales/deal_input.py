"""Which fields of a deal a person may give when it is made by a use case instead of its form."""

from typing import Any

import frappe
from frappe.model.document import Document

# Set by the rules, by the use cases themselves or by nobody.
NOT_INPUT = frozenset(
	{"lead", "stage", "stage_change_reason", "lost_reason", "competitor", "external_key", "queue", "result"}
)
IDENTITY = ("client_name", "phone", "email", "contact", "customer")
LEAD_FIELDS = (
	*IDENTITY,
	"messenger",
	"enquiry_type",
	"ad_channel",
	"source_text",
	"responsible",
	"department",
	"is_separate_enquiry",
	"interest_make",
	"interest_model",
	"interest_text",
	"budget",
)


def deal_fields() -> list[str]:
	"""The writable fields of a deal's form, its table included."""
	return [
		df.fieldname
		for df in frappe.get_meta("Auto Deal").fields
		if (df.fieldtype == "Table" or df.fieldname in frappe.get_meta("Auto Deal").get_valid_columns())
		and not df.read_only
		and df.fieldname not in NOT_INPUT
	]


def input_values(deal: Document) -> dict[str, Any]:
	"""What was typed into an unsaved deal, ready to be sent back and given to `create_lead_and_deal`."""
	values = {}
	for field in deal_fields():
		value = deal.get(field)
		if isinstance(value, list):
			value = [
				row.as_dict(no_nulls=True, no_default_fields=True, no_child_table_fields=True)
				for row in value
			]
		if value:
			values[field] = value
	return values


def pick(values: dict[str, Any] | None, fields) -> dict[str, Any]:
	"""The given values of these fields; everything else is dropped."""
	return {field: (values or {})[field] for field in fields if field in (values or {})}
