"""Readable document names from database sequences: no row is locked, so parallel inserts do not wait; gaps are allowed."""

import frappe

PREFIXES = {"Auto Lead": "L", "Auto Deal": "D"}


def next_name(doctype: str) -> str:
	"""`L-000001`, `D-000001`: the next free name of `doctype`."""
	return f"{PREFIXES[doctype]}-{frappe.db.get_next_sequence_val(doctype):06d}"
