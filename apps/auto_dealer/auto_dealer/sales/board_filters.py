"""What the board's filters and the user's rights mean in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frappe.desk.reportview import build_match_conditions
from frappe.utils import add_days, getdate

from auto_dealer.clients.search_index import search
from auto_dealer.permissions.rules.scope import OWN, OWN_AND_UNSORTED
from auto_dealer.permissions.scopes import get_viewer

FOUND = 500
DEAL = "`tabAuto Deal`"
# How a found document leads to deals.
COLUMN_OF = {"Contact": "contact", "Auto Vehicle": "vehicle"}


@dataclass(frozen=True)
class BoardFilter:
	"""`sql` is empty or begins with " and"; `hint` names the index; `is_empty`: nothing can match."""

	pipeline: str
	sql: str
	values: tuple[Any, ...]
	hint: str = ""
	is_empty: bool = False


def make_filter(pipeline: str, filters: dict[str, Any]) -> BoardFilter:
	"""The condition of a board: the rights of the session's user and what they chose."""
	parts, values = [], []
	# Made by Frappe and our permission hook, every value escaped and every % doubled.
	if match := build_match_conditions("Auto Deal"):
		parts.append(f"({match})")
	for field in ("responsible", "ad_channel", "department", "vehicle"):
		if filters.get(field):
			parts.append(f"{DEAL}.{field} = %s")
			values.append(str(filters[field]))
	if filters.get("responsible"):
		# The same person, but indexed together with the stage.
		parts.append(f"{DEAL}.queue = %s")
		values.append(str(filters["responsible"]))
	if filters.get("from_date"):
		parts.append(f"{DEAL}.creation >= %s")
		values.append(getdate(filters["from_date"]))
	if filters.get("to_date"):
		parts.append(f"{DEAL}.creation < %s")
		values.append(add_days(getdate(filters["to_date"]), 1))
	text = str(filters.get("text") or "").strip()
	if text:
		text_sql, text_values = _text_condition(text)
		if not text_sql:
			return BoardFilter(pipeline, "", (), is_empty=True)
		parts.append(text_sql)
		values += text_values
	sql = "".join(f" and {part}" for part in parts)
	return BoardFilter(pipeline, sql, tuple(values), _index_hint(filters) if not text else "")


def _index_hint(filters: dict[str, Any]) -> str:
	"""Few deals of one person among many of a stage: by their queue, which the database would not choose by itself."""
	viewer = get_viewer()
	is_narrow = viewer.scopes.get("Auto Deal") in (OWN, OWN_AND_UNSORTED) and not viewer.specialist_columns
	is_narrow = is_narrow and not (viewer.shared or {}).get("Auto Deal")
	return "use index (dealer_queue_stage)" if is_narrow or filters.get("responsible") else ""


def _text_condition(text: str) -> tuple[str, list[Any]]:
	"""Deals of the clients and cars that the search index finds by the text, and the deal with this number."""
	found: dict[str, list[str]] = {"name": [text.upper()]} if text.upper().startswith("D-") else {}
	for row in search(text, FOUND, tuple(COLUMN_OF)):
		if column := COLUMN_OF.get(row["doctype"]):
			found.setdefault(column, []).append(row["name"])
	if not found:
		return "", []
	return "(" + " or ".join(f"{DEAL}.{column} in %s" for column in found) + ")", list(found.values())
