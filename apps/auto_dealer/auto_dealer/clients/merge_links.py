"""Everything that points at a card, by meta: found, moved to another card, moved back."""

import frappe
from frappe.model.dynamic_links import get_dynamic_links
from frappe.model.rename_doc import get_link_fields

# Records about the card itself, or kept by their own rules.
LEFT_ALONE = frozenset(
	(
		"Access Log",
		"Activity Log",
		"Client Key",
		"Client Search Token",
		"Deleted Document",
		"DocShare",
		"Document Follow",
		"Document Share Key",
		"Energy Point Log",
		"Notification Log",
		"Version",
		"View Log",
	)
)
# Our tables with an index on the link: read with a lock, so that rows committed a moment ago are moved too.
INDEXED = frozenset(
	(("Auto Deal", "contact"), ("Auto Lead", "contact"), ("Auto Vehicle", "owner_contact"), ("Auto Deal", "lead"))
)


def find_links(doctype: str, name: str) -> list[dict]:
	"""`{doctype, field, names}` and for dynamic links `type_field`: all rows that point at the card."""
	links = [_static(field, name) for field in get_link_fields(doctype) if not field.issingle]
	links += [_dynamic(field, doctype, name) for field in get_dynamic_links()]
	links.append(_entry("File", "attached_to_name", name, "attached_to_doctype", doctype))
	return [link for link in links if link and link["names"]]


def _static(field: dict, name: str) -> dict | None:
	if field.parent in LEFT_ALONE:
		return None
	return _entry(field.parent, field.fieldname, name)


def _dynamic(field: dict, doctype: str, name: str) -> dict | None:
	if field.parent in LEFT_ALONE or frappe.get_meta(field.parent).issingle:
		return None
	return _entry(field.parent, field.fieldname, name, field.options, doctype)


def _entry(parent: str, field: str, name: str, type_field: str | None = None, doctype: str | None = None) -> dict | None:
	if frappe.get_meta(parent).get("is_virtual") or not frappe.db.has_column(parent, field):
		return None
	condition, values = f"`{field}` = %s", [name]
	if type_field:
		condition, values = f"`{type_field}` = %s and {condition}", [doctype, name]
	lock = " lock in share mode" if (parent, field) in INDEXED else ""
	rows = frappe.db.sql(f"select name from `tab{parent}` where {condition}{lock}", values)
	return {"doctype": parent, "field": field, "type_field": type_field, "names": [row[0] for row in rows]}


def move_links(links: list[dict], old: str, new: str) -> list[dict]:
	"""Points the rows from `old` to `new`, those only that still point at `old`; returns the links that did not move.

	`modified` stays: the documents themselves were not edited. (Frappe's rename does the same.)
	"""
	skipped = []
	for link in links:
		table, field = link["doctype"], link["field"]
		still = {row[0] for row in _pointing(table, field, old, link["names"])}
		if still:
			frappe.db.sql(f"update `tab{table}` set `{field}` = %s where name in %s", (new, list(still)))
			for name in still:
				frappe.clear_document_cache(table, name)
		if left := [name for name in link["names"] if name not in still]:
			skipped.append({**link, "names": left})
	return skipped


def _pointing(table: str, field: str, value: str, names: list) -> list:
	if not names:
		return []
	return frappe.db.sql(f"select name from `tab{table}` where name in %s and `{field}` = %s for update", (names, value))


def without_rows_of(links: list[dict], doctype: str, name: str) -> list[dict]:
	"""Leaves out what points from the card to itself or from its own rows: that goes with the card."""
	kept = []
	for link in links:
		names = link["names"]
		if link["doctype"] == doctype:
			names = [row for row in names if row != name]
		elif frappe.get_meta(link["doctype"]).istable:
			own = {
				row[0]
				for row in frappe.db.sql(
					f"select name from `tab{link['doctype']}` where name in %s and parenttype = %s and parent = %s",
					(names, doctype, name),
				)
			}
			names = [row for row in names if row not in own]
		if names:
			kept.append({**link, "names": names})
	return kept
