"""Takes guarded values out of what Frappe writes about a change of a document (Version.data)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

HIDDEN = "***"


def mask_version(data: dict, fields: Collection[str], tables: Mapping[str, Collection[str]]) -> dict:
	"""The same change with values of `fields` hidden; `tables`: for each table field the hidden fields of its rows.

	That a field changed, when and by whom stays readable.
	"""
	masked = dict(data)
	if "changed" in data:
		masked["changed"] = [_mask_change(change, fields) for change in data["changed"]]
	for part in ("added", "removed"):
		if part in data:
			masked[part] = [[table, _mask_row(row, tables.get(table, ()))] for table, row in data[part]]
	if "row_changed" in data:
		masked["row_changed"] = [
			[table, index, name, [_mask_change(change, tables.get(table, ())) for change in changes]]
			for table, index, name, changes in data["row_changed"]
		]
	return masked


def _mask_change(change: list, fields: Collection[str]) -> list:
	field, old, new = change
	return [field, _hide(old), _hide(new)] if field in fields else change


def _mask_row(row: dict, fields: Collection[str]) -> dict:
	return {field: _hide(value) if field in fields else value for field, value in row.items()}


def _hide(value: object) -> object:
	return value if value in (None, "") else HIDDEN
