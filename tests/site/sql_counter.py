"""Counts the SQL of a block, in this process: `with count_sql() as counter: ...`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import frappe

WRITING = ("insert", "update", "delete", "replace")


class Counter:
	def __init__(self) -> None:
		self.all: list[str] = []

	@property
	def writes(self) -> list[str]:
		return [query for query in self.all if query.lstrip(" (").lower().startswith(WRITING)]

	def __repr__(self) -> str:
		"""What a failed assertion shows."""
		return f"{len(self.all)} SQL, {len(self.writes)} writes\n" + "\n".join(
			query[:160] for query in self.all
		)


@contextlib.contextmanager
def count_sql() -> Iterator[Counter]:
	"""Every statement that goes to the database through `frappe.db.sql`."""
	counter, original = Counter(), frappe.db.sql

	def counted(query, *args, **kwargs):
		counter.all.append(" ".join(str(query).split()))
		return original(query, *args, **kwargs)

	frappe.db.sql = counted
	try:
		yield counter
	finally:
		frappe.db.sql = original
