"""All links of a lead or deal checked by one query, where Frappe asks one query a link."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.utils.link_count import notify_link_count


def validate_links(doc: Document, known: tuple[str, ...] = ()) -> None:
	"""Throws LinkValidationError when a link of the document or of its rows points at nothing.

	Promise: as Frappe's own check (same error, spelling of the target kept, values fetched), but one query for all
	links, only for links that this save changes, and not for the fields in `known`, which the caller has read.
	"""
	if doc.flags.ignore_links:
		return
	wanted, fetching = _changed_links(doc, known)
	missing = _fetch_values(fetching) + _check_existence(wanted)
	if missing:
		labels = ", ".join(_describe(row, df) for row, df in missing)
		frappe.throw(_("Could not find {0}").format(labels), frappe.LinkValidationError)


def _changed_links(doc: Document, known: tuple[str, ...]) -> tuple[list, list]:
	"""(row, field) pairs to check: those by name only, and those that also fetch values of the target."""
	before = doc.get_doc_before_save()
	rows_before = {row.name: row for row in before.get_all_children()} if before else {}
	wanted, fetching = [], []
	for row in [doc, *doc.get_all_children()]:
		old = before if row is doc else rows_before.get(row.name)
		for df in row.meta.get_link_fields():
			value = row.get(df.fieldname)
			if (
				not value
				or (row is doc and df.fieldname in known)
				or (old and old.get(df.fieldname) == value)
			):
				continue
			(fetching if row.meta.get_fields_to_fetch(df.fieldname) else wanted).append((row, df))
	return wanted, fetching


def _check_existence(links: list) -> list:
	if not links:
		return []
	targets = list({(df.options, str(row.get(df.fieldname))) for row, df in links})
	# The table names come from our DocTypes' definitions, the values go as parameters.
	one = "(select %s as doctype, name from `tab{}` where name = %s)"
	query = " union all ".join(one.format(doctype) for doctype, _name in targets)
	found = frappe.db.sql(query, [value for target in targets for value in target])
	names = {(doctype, _fold(name)): name for doctype, name in found}
	missing = []
	for row, df in links:
		name = names.get((df.options, _fold(row.get(df.fieldname))))
		if name is None:
			missing.append((row, df))
			continue
		row.set(df.fieldname, name)
		notify_link_count(df.options, name)
	return missing


def _fetch_values(links: list) -> list:
	missing = []
	for row, df in links:
		fetched = [
			target
			for target in row.meta.get_fields_to_fetch(df.fieldname)
			if not (target.get("fetch_if_empty") and row.get(target.fieldname))
		]
		columns = ["name", *(target.fetch_from.split(".")[-1] for target in fetched)]
		values = frappe.db.get_value(df.options, row.get(df.fieldname), columns, as_dict=True)
		if not values:
			missing.append((row, df))
			continue
		row.set(df.fieldname, values.name)
		for target in fetched:
			row.set_fetch_from_value(df.options, target, values)
	return missing


def _fold(name: str) -> str:
	return str(name).strip().casefold()


def _describe(row: Document, df) -> str:
	label = f"{_(df.label, context=df.parent)}: {row.get(df.fieldname)}"
	return f"{_('Row')} #{row.idx}: {label}" if row.get("parentfield") else label
