"""The stored search tokens: written whenever a document changes, read by prefix."""

from collections.abc import Iterable

import frappe
from frappe.utils import now

from auto_dealer.clients.rules.tokens import read_query

# Rows of one INSERT.
MANY = 5000


def index_document(doctype: str, name: str, tokens: Iterable[str], is_new: bool = False) -> None:
	"""Replaces the document's tokens: one DELETE (none when `is_new`) and one INSERT, and nothing when unchanged."""
	tokens = sorted({token[:60] for token in tokens if token})
	if not is_new:
		stored = _stored(doctype, name)
		if stored == set(tokens):
			return
		if stored:
			remove_document(doctype, name)
	if tokens:
		_insert([(doctype, name, token) for token in tokens])


def index_many(rows: Iterable[tuple[str, str, Iterable[str]]]) -> None:
	"""For imports and the first indexing: documents that have no tokens yet, in one INSERT.

	Built by hand: the query builder takes four times as long as the database for rows by the hundred thousand.
	Names that rise keep the table's pages filled in order.
	"""
	prefix = frappe.generate_hash(length=10)
	given = [
		(doctype, name, token[:60])
		for doctype, name, tokens in rows
		for token in sorted(set(tokens))
		if token
	]
	stamp = ", ".join(
		frappe.db.escape(value) for value in (now(), now(), frappe.session.user, frappe.session.user)
	)
	for start in range(0, len(given), MANY):
		part = given[start : start + MANY]
		marks = ", ".join([f"(%s, %s, %s, %s, {stamp.replace('%', '%%')})"] * len(part))
		values = [v for number, row in enumerate(part, start) for v in (f"{prefix}{number:06x}", *row)]
		frappe.db.sql(
			f"""insert into `tabClient Search Token`
			(name, reference_doctype, reference_name, token, creation, modified, owner, modified_by) values {marks}""",  # noqa: S608
			values,
		)


def remove_document(doctype: str, name: str) -> None:
	frappe.db.delete("Client Search Token", {"reference_doctype": doctype, "reference_name": name})


def _stored(doctype: str, name: str) -> set[str]:
	rows = frappe.db.sql(
		"select token from `tabClient Search Token` where reference_doctype = %s and reference_name = %s",
		(doctype, name),
	)
	return {row[0] for row in rows}


def _insert(rows: list[tuple[str, str, str]]) -> None:
	if not rows:
		return
	moment, user = now(), frappe.session.user
	fields = (
		"name",
		"token",
		"reference_doctype",
		"reference_name",
		"creation",
		"modified",
		"owner",
		"modified_by",
	)
	values = [
		(frappe.generate_hash(length=16), token, doctype, name, moment, moment, user, user)
		for doctype, name, token in rows
	]
	frappe.db.bulk_insert("Client Search Token", fields, values)


def search(text: str, limit: int = 20, doctypes: Iterable[str] = ()) -> list[dict]:
	"""Documents that match all words of the text, as `{doctype, name}`, WITHOUT any check of permissions.

	With `doctypes` the limit is for each of them. One SQL, whatever is asked.
	"""
	parts, values = [], []
	for reading in readings_of(text):
		for doctype in tuple(doctypes) or (None,):
			query, its_values = match_sql(reading, doctype)
			parts.append(f"({query} limit {int(limit)})")
			values += its_values
	if not parts:
		return []
	rows = frappe.db.sql(" union ".join(parts), values)
	return [{"doctype": doctype, "name": name} for doctype, name in rows]


def readings_of(text: str) -> list[list[list[str]]]:
	"""The readings of what was typed that are long enough to look up: two characters at least."""
	return [reading for reading in read_query(text) if len("".join(prefixes[0] for prefixes in reading)) >= 2]


def match_sql(
	reading: list[list[str]], doctype: str | None = None, columns: str | None = None, most: int | None = None
) -> tuple[str, list]:
	"""The query of one reading, and its values: the longest word leads over the token index, the others are looked up
	for each candidate, at most `most` of them. Typed text goes into the values only."""
	words = sorted(reading, key=lambda prefixes: -len(prefixes[0]))
	conditions, values = [_starts("t0", words[0])], _patterns(words[0])
	for number, prefixes in enumerate(words[1:], 1):
		conditions.append(_has_word(f"t{number}", prefixes))
		values += _patterns(prefixes)
	if doctype:
		conditions.append("t0.reference_doctype = %s")
		values.append(doctype)
	columns = columns or "distinct t0.reference_doctype, t0.reference_name"
	limit = f"limit {int(most)}" if most else ""
	return " ".join(
		["select", columns, "from `tabClient Search Token` t0 where", " and ".join(conditions), limit]
	), values


def _has_word(alias: str, prefixes: list[str]) -> str:
	parts = (
		f"exists (select 1 from `tabClient Search Token` {alias}",  # noqa: S608
		f"where {alias}.reference_doctype = t0.reference_doctype and {alias}.reference_name = t0.reference_name",
		f"and {_starts(alias, prefixes)})",
	)
	return " ".join(parts)


def _starts(alias: str, prefixes: list[str]) -> str:
	return "(" + " or ".join([f"{alias}.token like %s"] * len(prefixes)) + ")"


def _patterns(prefixes: list[str]) -> list[str]:
	return [prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for prefix in prefixes]
