"""Many rows in few statements. Documents made this way run no controller: the callers apply the same rules."""

from typing import Any

import frappe

ROWS_PER_STATEMENT = 1000


def insert_rows(doctype: str, rows: list[dict[str, Any]]) -> None:
	"""Inserts rows that all have the same columns; the names of columns come from our code, the values never do."""
	if not rows:
		return
	columns = list(rows[0])
	names = ", ".join(f"`{column}`" for column in columns)
	row_marks = "(" + ", ".join(["%s"] * len(columns)) + ")"
	for start in range(0, len(rows), ROWS_PER_STATEMENT):
		part = rows[start : start + ROWS_PER_STATEMENT]
		marks = ", ".join([row_marks] * len(part))
		values = [value for row in part for value in row.values()]
		frappe.db.sql(f"insert into `tab{doctype}` ({names}) values {marks}", values)  # noqa: S608


def stamps(created: Any, modified: Any, user: str) -> dict[str, Any]:
	"""The columns that every document has besides its name."""
	return {
		"creation": created,
		"modified": modified,
		"owner": user,
		"modified_by": user,
		"docstatus": 0,
		"idx": 0,
	}


def comment_row(doctype: str, name: str, text: str, created: Any, user: str) -> dict[str, Any]:
	"""A comment in the document's timeline, as if the person had written it at that moment."""
	return {
		"name": frappe.generate_hash(length=10),
		**stamps(created, created, user),
		"comment_type": "Comment",
		"comment_email": user,
		"comment_by": frappe.get_cached_value("User", user, "full_name"),
		"reference_doctype": doctype,
		"reference_name": name,
		"content": frappe.utils.escape_html(text).replace("\n", "<br>"),
	}
