"""Readable document names from database sequences: no row is locked, so parallel inserts do not wait; gaps are allowed."""

import frappe

PREFIXES = {"Auto Lead": "L", "Auto Deal": "D"}


def next_name(doctype: str) -> str:
	"""`L-000001`, `D-000001`: the next free name of `doctype`."""
	return f"{PREFIXES[doctype]}-{frappe.db.get_next_sequence_val(doctype):06d}"


def next_names(doctype: str, count: int) -> list[str]:
	"""As `next_name`, for many documents in one query."""
	sequence = frappe.scrub(f"{doctype}_id_seq")
	numbers = frappe.db.sql(
		f"""with recursive counter(i) as (select 1 union all select i + 1 from counter where i < %s)
		select nextval(`{sequence}`) from counter""",  # noqa: S608 - the name of our own sequence
		count,
	)
	return [f"{PREFIXES[doctype]}-{number:06d}" for (number,) in numbers][:count]
