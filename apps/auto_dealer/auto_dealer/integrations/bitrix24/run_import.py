"""The import itself: a background job that goes through the files chunk by chunk and can be killed at any moment.

Rows, counters and cursor of a chunk are committed together. Whoever goes on begins after the last whole chunk; two
jobs of one import at once cannot double anything, since the cursor's row is locked and compared for every chunk.
Redis is needed to start, not to go on: progress that cannot be told is stored all the same.
"""

import itertools
import json
import time
from collections.abc import Iterator

import frappe
from frappe import _
from frappe.utils import now_datetime

from auto_dealer.integrations.bitrix24.attached_files import (
	ORDER,
	REFUSED_DOCTYPE,
	Export,
	read_exports,
	save_refused,
)
from auto_dealer.integrations.bitrix24.bulk_insert import insert_rows, stamps
from auto_dealer.integrations.bitrix24.chunk_result import ChunkResult
from auto_dealer.integrations.bitrix24.import_chunk import CONFLICTS, import_chunk
from auto_dealer.integrations.bitrix24.reasons import describe
from auto_dealer.integrations.bitrix24.rules.rows import ImportedRow, Refusal
from auto_dealer.integrations.bitrix24.site_facts import SiteFacts, make_sure_of_lost_reason

DOCTYPE = "Bitrix24 Import"
CHUNK = 500
ATTEMPTS = 5
COUNTERS = {
	"created": "created_count",
	"merged": "merged_count",
	"skipped": "skipped_count",
	"refused": "refused_count",
}


class TakenOver(Exception):
	"""Another job goes on with this import, or it is no longer running: nothing is left to do here."""


def run(name: str) -> None:
	"""Job: imports what is left to import. An error stops it with status Failed; the import can then be continued."""
	try:
		document = frappe.get_doc(DOCTYPE, name)
		if document.status != "Running":
			return
		_import_all(document)
	except TakenOver:
		frappe.db.rollback()
	except Exception:
		frappe.db.rollback()
		frappe.log_error(f"Bitrix24 import {name}", reference_doctype=DOCTYPE, reference_name=name)
		frappe.db.set_value(
			DOCTYPE, name, {"status": "Failed", "error": frappe.get_traceback(with_context=False)}
		)
		frappe.db.commit()
		tell_progress(name)


def _import_all(document) -> None:
	exports = {export.kind: export for export in read_exports(document)}
	make_sure_of_lost_reason()
	frappe.db.commit()
	facts = SiteFacts.read(document)
	cursor = json.loads(document.cursor or "{}")
	for kind in ORDER:
		if kind in exports:
			_import_file(document.name, exports[kind], facts, cursor)
	_finish(document)


def _import_file(name: str, export: Export, facts: SiteFacts, cursor: dict[str, int]) -> None:
	done = cursor.get(export.kind, 0)
	rows = itertools.islice(export.rows(facts.region), done, None)
	for chunk in _chunks(rows):
		_import_with_retry(name, chunk, export.kind, facts, cursor)
		tell_progress(name)


def _chunks(rows: Iterator[ImportedRow | Refusal]) -> Iterator[list[ImportedRow | Refusal]]:
	while chunk := list(itertools.islice(rows, CHUNK)):
		yield chunk


def _import_with_retry(
	name: str, rows: list[ImportedRow | Refusal], kind: str, facts: SiteFacts, cursor: dict[str, int]
) -> None:
	"""One chunk with its cursor and counters, committed; done again when another transaction stood in the way."""
	for attempt in range(ATTEMPTS):
		try:
			_lock_cursor(name, cursor)
			result = import_chunk(rows, kind, facts)
			position = _advance(name, kind, cursor, len(rows), result)
			frappe.db.commit()
			cursor.update(position)
			return
		except CONFLICTS:
			frappe.db.rollback()
			if attempt == ATTEMPTS - 1:
				raise
			time.sleep(0.1 * 2**attempt)


def _lock_cursor(name: str, cursor: dict[str, int]) -> None:
	stored = frappe.db.get_value(DOCTYPE, name, ["status", "cursor"], for_update=True)
	if not stored or stored[0] != "Running" or json.loads(stored[1] or "{}") != cursor:
		raise TakenOver


def _advance(name: str, kind: str, cursor: dict[str, int], count: int, result: ChunkResult) -> dict[str, int]:
	_store_refusals(name, kind, result.refusals)
	position = {**cursor, kind: cursor.get(kind, 0) + count}
	frappe.db.sql(
		"""update `tabBitrix24 Import` set `cursor` = %(cursor)s, processed = processed + %(count)s,
		created_count = created_count + %(created)s, merged_count = merged_count + %(merged)s,
		skipped_count = skipped_count + %(skipped)s, refused_count = refused_count + %(refused)s,
		progress_at = %(now)s where name = %(name)s""",
		{
			"cursor": json.dumps(position),
			"count": count,
			"now": now_datetime(),
			"name": name,
			**result.counts,
		},
	)
	return position


def _store_refusals(name: str, kind: str, refusals: list[Refusal]) -> None:
	now = now_datetime()
	insert_rows(
		REFUSED_DOCTYPE,
		[
			{
				"name": frappe.generate_hash(length=10),
				**stamps(now, now, frappe.session.user),
				"bitrix24_import": name,
				"kind": kind,
				"line": refusal.line,
				"reason": describe(refusal.code, refusal.values),
				"cells": json.dumps(refusal.cells, ensure_ascii=False),
			}
			for refusal in refusals
		],
	)


def _finish(document) -> None:
	document.reload()
	save_refused(document)
	document.db_set(
		{
			"status": "Done with Refusals" if document.refused_count else "Done",
			"total": document.processed,
			"error": None,
		}
	)
	frappe.db.commit()
	tell_progress(document.name)


def tell_progress(name: str) -> None:
	"""To everybody who has the import open. Redis may be down: the stored counters are the truth."""
	fields = ["status", "total", "processed", *COUNTERS.values()]
	values = frappe.db.get_value(DOCTYPE, name, fields, as_dict=True)
	try:
		frappe.publish_realtime(
			"bitrix24_import_progress", {"name": name, **values}, doctype=DOCTYPE, docname=name
		)
	except Exception:
		frappe.logger("bitrix24").warning("progress of %s not published", name, exc_info=True)


def describe_progress(values: dict) -> str:
	"""`1,500 of 10,000: 1,480 created, …` for a terminal."""
	return _("{0} of {1}: {2} created, {3} merged, {4} here already, {5} refused").format(
		values["processed"], values["total"], *(values[field] for field in COUNTERS.values())
	)
