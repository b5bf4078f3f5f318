"""The stored search tokens: written whenever a document changes, read by prefix."""

from collections.abc import Iterable

import frappe
from frappe.utils import now

from auto_dealer.clients.rules.tokens import read_query

# A prefix such as "7916" fits everybody: more candidates than this per word are not looked through.
CANDIDATES = 200


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
	"""For imports and the first indexing: documents that have no tokens yet, in one INSERT."""
	_insert([(doctype, name, token[:60]) for doctype, name, tokens in rows for token in set(tokens) if token])


def remove_document(doctype: str, name: str) -> None:
	frappe.db.delete("Client Search Token", {"reference_doctype": doctype, "reference_name": name})


def _stored(doctype: str, name: str) -> set[str]:
	rows = frappe.db.sql(
		"select token from `tabClient Search Token` where reference_doctype = %s and reference_name = %s", (doctype, name)
	)
	return {row[0] for row in rows}


def _insert(rows: list[tuple[str, str, str]]) -> None:
	if not rows:
		return
	moment, user = now(), frappe.session.user
	fields = ("name", "token", "reference_doctype", "reference_name", "creation", "modified", "owner", "modified_by")
	values = [
		(frappe.generate_hash(length=16), token, doctype, name, moment, moment, user, user) for doctype, name, token in rows
	]
	frappe.db.bulk_insert("Client Search Token", fields, values)


def search(text: str, limit: int = 20, doctypes: Iterable[str] = ()) -> list[dict]:
	"""Documents that match all words of the text, as `{doctype, name}`, WITHOUT any check of permissions."""
	found: dict[tuple[str, str], None] = {}
	for reading in read_query(text):
		if len("".join(prefixes[0] for prefixes in reading)) >= 2:
			for row in _match(reading, limit, tuple(doctypes)):
				found.setdefault(row)
	return [{"doctype": doctype, "name": name} for doctype, name in list(found)[:limit]]


def _match(reading: list[list[str]], limit: int, doctypes: tuple[str, ...]) -> list[tuple[str, str]]:
	"""One SQL: the longest word leads over the token index, the other words are looked up per candidate."""
	query, values = match_sql(reading, doctypes)
	return list(frappe.db.sql(f"{query} limit {int(limit)}", values))


def match_sql(reading: list[list[str]], doctypes: tuple[str, ...] = ()) -> tuple[str, list]:
	"""`select distinct reference_doctype, reference_name …` of a reading, and its values."""
	words = sorted(reading, key=lambda prefixes: -len(prefixes[0]))
	conditions, values = [_starts("t0", words[0])], _patterns(words[0])
	for number, prefixes in enumerate(words[1:], 1):
		alias = f"t{number}"
		conditions.append(
			f"exists (select 1 from `tabClient Search Token` {alias} where {alias}.reference_doctype = t0.reference_doctype"
			f" and {alias}.reference_name = t0.reference_name and {_starts(alias, prefixes)})"
		)
		values += _patterns(prefixes)
	if doctypes:
		conditions.append("t0.reference_doctype in %s")
		values.append(doctypes)
	query = "select distinct t0.reference_doctype, t0.reference_name from `tabClient Search Token` t0 where "
	return query + " and ".join(conditions), values


def _starts(alias: str, prefixes: list[str]) -> str:
	return "(" + " or ".join([f"{alias}.token like %s"] * len(prefixes)) + ")"


def _patterns(prefixes: list[str]) -> list[str]:
	return [prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for prefix in prefixes]
