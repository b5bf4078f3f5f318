"""Frappe shows the changes of a document (Version) to each of its readers, whatever their permission level.

So what is for level 1 is hidden in them when they are written: that a field changed, when and by whom stays readable.
"""

from __future__ import annotations

import json

import frappe
from frappe.model.document import Document

from auto_dealer.permissions.rules.masking import mask_version

DOCTYPES = ("Credit Application", "Detailing Request")
LEVEL = 1


def guarded_fields(doctype: str) -> list[str]:
	"""Fields that only those with the rights of level 1 read."""
	return [df.fieldname for df in frappe.get_meta(doctype).fields if df.permlevel == LEVEL]


def guarded_columns(doctype: str) -> dict[str, list[str]]:
	"""For each table field the guarded fields of its rows."""
	tables = frappe.get_meta(doctype).get_table_fields()
	return {table.fieldname: guarded_fields(table.options) for table in tables}


def mask_new_version(version: Document, method: str | None = None) -> None:
	"""`before_insert` of a Version of one of DOCTYPES."""
	doctype = version.ref_doctype
	if doctype in DOCTYPES and version.data:
		data = mask_version(json.loads(version.data), guarded_fields(doctype), guarded_columns(doctype))
		version.data = frappe.as_json(data, indent=None, separators=(",", ":"))
