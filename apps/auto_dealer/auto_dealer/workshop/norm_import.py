"""A file of norms checked, shown and, once confirmed, imported. Each run is a Labour Norm Import that keeps its file."""

from __future__ import annotations

import hashlib
import json

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.workshop.errors import UnusableFile
from auto_dealer.workshop.norm_book import NormBook, Proposal
from auto_dealer.workshop.rules.norm_csv import Unreadable, decode, read_rows

DOCTYPE = "Labour Norm Import"
MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
SHOWN_ROWS = 200


def check_file(run: Document) -> Document:
	"""Reads the file and stores what the import would do: counts, every wrong row, the first of the others."""
	if run.status == "Imported":
		frappe.throw(_("This file is imported. Make a new import for another one."), UnusableFile)
	content = read_file(run)
	proposals, encoding = _propose(run, content, lock=False)
	_store(run, proposals)
	run.encoding, run.checked_hash, run.status = encoding, hash_of(run, content), "Checked"
	run.save()
	return run


def import_file(name: str) -> Document:
	"""Writes the rows without errors; refused when the file or the source differs from what was checked.

	Imports wait for each other, and the norms are compared again under the locks of their operations: what another
	import or a colleague wrote meanwhile is not written twice and not contradicted.
	"""
	frappe.db.get_value("DocType", DOCTYPE, "name", for_update=True)
	run = frappe.get_doc(DOCTYPE, name, for_update=True)
	if run.status != "Checked":
		frappe.throw(_("Check the file first."), UnusableFile)
	content = read_file(run)
	if run.checked_hash != hash_of(run, content):
		frappe.throw(_("The file has changed since it was checked. Check it again."), UnusableFile)
	proposals, _encoding = _propose(run, content, lock=True)
	NormBook.write(proposals)
	_store(run, proposals)
	run.status = "Imported"
	run.save()
	return run


def hash_of(run: Document, content: bytes) -> str:
	return hashlib.sha256(content + b"\0" + (run.source or "").encode()).hexdigest()


def read_file(run: Document) -> bytes:
	"""The bytes of the attached file; one that the run's reader may not see is refused."""
	if not run.file:
		frappe.throw(_("Attach a file first."), UnusableFile)
	name = frappe.db.get_value(
		"File", {"file_url": run.file, "attached_to_doctype": run.doctype, "attached_to_name": run.name}
	) or frappe.db.get_value("File", {"file_url": run.file, "owner": frappe.session.user})
	if not name:
		frappe.throw(_("The file is not attached to this import."), UnusableFile)
	with open(frappe.get_doc("File", name).get_full_path(), "rb") as file:
		content = file.read(MOST_BYTES + 1)
	if len(content) > MOST_BYTES:
		frappe.throw(_("The file is larger than {0} MB.").format(MOST_BYTES // 1024 // 1024), UnusableFile)
	return content


def _propose(run: Document, content: bytes, lock: bool) -> tuple[list[Proposal], str]:
	try:
		text, encoding = decode(content)
		rows = read_rows(text)
	except Unreadable as error:
		frappe.throw(_describe_unreadable(error), UnusableFile)
	if not rows:
		frappe.throw(_("The file has no rows."), UnusableFile)
	if len(rows) > MOST_ROWS:
		frappe.throw(_("The file has more than {0} rows. Divide it.").format(MOST_ROWS), UnusableFile)
	return NormBook(lock).propose(rows, run.source or ""), encoding


def _describe_unreadable(error: Unreadable) -> str:
	if error.reason == "columns":
		return _("The first row has to name the columns. Missing: {0}.").format(error.detail)
	if error.reason == "empty":
		return _("The file is empty.")
	return _("The file is no text in UTF-8 or Windows-1251. Save it as CSV.")


def _store(run: Document, proposals: list[Proposal]) -> None:
	counts = {kind: sum(p.kind == kind for p in proposals) for kind in ("new", "changed", "same", "wrong")}
	run.rows_total = len(proposals)
	run.rows_new, run.rows_changed = counts["new"], counts["changed"]
	run.rows_same, run.rows_wrong = counts["same"], counts["wrong"]
	wrong = [p for p in proposals if p.kind == "wrong"]
	others = [p for p in proposals if p.kind != "wrong"][:SHOWN_ROWS]
	shown = sorted([*wrong[: 5 * SHOWN_ROWS], *others], key=lambda p: p.line)
	run.result = json.dumps([p.as_shown() for p in shown], ensure_ascii=False)


def forget_check(run: Document) -> None:
	"""What was checked was another file: called before each save."""
	if run.status == "Checked" and (run.has_value_changed("file") or run.has_value_changed("source")):
		run.status, run.checked_hash = "Draft", None
