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
	(
		("Auto Deal", "contact"),
		("Auto Lead", "contact"),
		("Auto Vehicle", "owner_contact"),
		("Auto Deal", "lead"),
	)
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


def _entry(
	parent: str, field: str, name: str, type_field: str | None = None, doctype: str | None = None
) -> dict | None:
	if frappe.get_meta(parent).get("is_virtual") or not frappe.db.has_column(parent, field):
		return None
	table = frappe.qb.DocType(parent)
	query = frappe.qb.from_(table).select(table.name).where(table[field] == name)
	if type_field:
		query = query.where(table[type_field] == doctype)
	if (parent, field) in INDEXED:
		query = query.for_update()
	return {
		"doctype": parent,
		"field": field,
		"type_field": type_field,
		"names": [row[0] for row in query.run()],
	}


def move_links(links: list[dict], old: str, new: str) -> list[dict]:
	"""Points the rows from `old` to `new`, those only that still point at `old`; returns the links that did not move.

	`modified` stays: the documents themselves were not edited. (Frappe's rename does the same.)
	"""
	skipped = []
	for link in links:
		still = _pointing(link, old)
		if still:
			table = frappe.qb.DocType(link["doctype"])
			frappe.qb.update(table).set(table[link["field"]], new).where(table.name.isin(still)).run()
			for name in still:
				frappe.clear_document_cache(link["doctype"], name)
		if left := [name for name in link["names"] if name not in still]:
			skipped.append({**link, "names": left})
	return skipped


def _pointing(link: dict, value: str) -> list:
	table = frappe.qb.DocType(link["doctype"])
	query = frappe.qb.from_(table).select(table.name).where(table.name.isin(link["names"]))
	return [row[0] for row in query.where(table[link["field"]] == value).for_update().run()]


def without_rows_of(links: list[dict], doctype: str, name: str) -> list[dict]:
	"""Leaves out what points from the card to itself or from its own rows: that goes with the card."""
	kept = []
	for link in links:
		names = link["names"]
		if link["doctype"] == doctype:
			names = [row for row in names if row != name]
		elif frappe.get_meta(link["doctype"]).istable:
			own = set(frappe.get_all(link["doctype"], {"parenttype": doctype, "parent": name}, pluck="name"))
			names = [row for row in names if row not in own]
		if names:
			kept.append({**link, "names": names})
	return kept
