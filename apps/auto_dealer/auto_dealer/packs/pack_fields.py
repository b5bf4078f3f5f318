"""Which fields travel in a pack: all that people fill in, custom ones included."""

from __future__ import annotations

import frappe
from frappe.model import no_value_fields, table_fields

from auto_dealer.packs.rules.pack_format import FieldSpec, Schema

DOCTYPES = {
	"pipeline": "Deal Pipeline",
	"stages": "Deal Stage",
	"robots": "Stage Robot",
	"email_templates": "Email Template",
	"server_scripts": "Server Script",
}
# What a site fills in by itself, and what the pack says elsewhere.
LEFT_OUT = {
	"pipeline": {"version", "kanban_board", "move_removed_to", "is_default"},
	"stages": set(),
	"robots": {"pipeline", "active_since", "seed_key"},
	"email_templates": set(),
	"server_scripts": set(),
}
# A script of another kind would run by itself.
SCRIPT_FIELDS = ("api_method", "script", "disabled")
STAGE_HISTORY = FieldSpec("former_names", "Small Text")


def get_schema() -> Schema:
	"""Part of a pack → the fields that this site knows there."""
	schema = {part: _specs(part, doctype) for part, doctype in DOCTYPES.items()}
	schema["stages"]["former_names"] = STAGE_HISTORY
	schema["robots"] = {"key": FieldSpec("key"), **schema["robots"]}
	for part in ("email_templates", "server_scripts"):
		schema[part] = {"name": FieldSpec("name"), **schema[part]}
	return schema


def _specs(part: str, doctype: str) -> dict[str, FieldSpec]:
	return {
		df.fieldname: FieldSpec(
			df.fieldname,
			df.fieldtype,
			df.default,
			tuple((df.options or "").split("\n")) if df.fieldtype == "Select" else (),
		)
		for df in frappe.get_meta(doctype).fields
		if df.fieldtype not in (*no_value_fields, *table_fields)
		and not df.read_only
		and df.fieldname not in LEFT_OUT[part]
		and (part != "server_scripts" or df.fieldname in SCRIPT_FIELDS)
	}


def link_fields(part: str) -> dict[str, str]:
	"""Fields that name a record of the site → its DocType."""
	return {
		df.fieldname: df.options for df in frappe.get_meta(DOCTYPES[part]).fields if df.fieldtype == "Link"
	}


def label_of(part: str, fieldname: str) -> str:
	"""The field as a form calls it, in the user's language."""
	if not part:
		return fieldname
	label = frappe.get_meta(DOCTYPES[part]).get_label(fieldname)
	return frappe._(label, context=DOCTYPES[part]) if label != "No Label" else fieldname
