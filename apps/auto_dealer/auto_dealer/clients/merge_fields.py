"""Two cards side by side: which values differ, and what the card that stays takes over from the other one."""

from collections.abc import Iterable

import frappe
from frappe import _

VALUE_TYPES = frozenset(
	(
		"Data",
		"Link",
		"Select",
		"Small Text",
		"Text",
		"Long Text",
		"Currency",
		"Int",
		"Float",
		"Date",
		"Datetime",
		"Attach Image",
	)
)


def fillable(doctype: str, left_out: Iterable[str]) -> list:
	"""Fields that a merge may fill when they are empty in the card that stays."""
	left_out = set(left_out)
	return [
		df
		for df in frappe.get_meta(doctype).fields
		if df.fieldtype in VALUE_TYPES
		and df.fieldname not in left_out
		and not (df.read_only or df.hidden or df.no_copy)
	]


def empty_fields_to_fill(kept, removed, left_out: Iterable[str]) -> dict[str, object]:
	"""Values that only the removed card has."""
	return {
		df.fieldname: removed.get(df.fieldname)
		for df in fillable(kept.doctype, left_out)
		if removed.get(df.fieldname) and not kept.get(df.fieldname)
	}


def compare(kept, removed, fill: dict[str, object], left_out: Iterable[str]) -> list[dict]:
	"""`{fieldname, label, kept, removed, result}` of every field that one of the two has."""
	rows = []
	for df in fillable(kept.doctype, left_out):
		if kept.get(df.fieldname) or removed.get(df.fieldname):
			result = fill.get(df.fieldname) or kept.get(df.fieldname)
			rows.append(
				row(df.fieldname, df.label, kept.get(df.fieldname), removed.get(df.fieldname), result)
			)
	return rows


def row(fieldname: str, label: str, kept: object, removed: object, result: object) -> dict:
	return {
		"fieldname": fieldname,
		"label": _(label or fieldname),
		"kept": frappe.utils.cstr(kept),
		"removed": frappe.utils.cstr(removed),
		"result": frappe.utils.cstr(result),
	}


def take_back(kept, fill: dict[str, object]) -> None:
	"""Empties the filled fields again where nobody has changed them since."""
	for fieldname, value in fill.items():
		if frappe.utils.cstr(kept.get(fieldname)) == frappe.utils.cstr(value):
			kept.set(fieldname, None)
