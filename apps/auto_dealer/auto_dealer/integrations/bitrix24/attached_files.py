"""The files of an import: read, checked and turned into rows; and the files of refused rows that it leaves."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import frappe
from frappe import _

from auto_dealer.integrations.bitrix24.reasons import describe_file_problem, describe_kind
from auto_dealer.integrations.bitrix24.rules.csv_records import CsvTable, NotCsv, read_table
from auto_dealer.integrations.bitrix24.rules.headings import (
	CONTACT,
	DEAL,
	LEAD,
	guess_kind,
	map_columns,
	missing_columns,
)
from auto_dealer.integrations.bitrix24.rules.rows import ImportedRow, Refusal, read_rows

# Clients first, so that leads find them; leads before the deals that they became.
ORDER = (CONTACT, LEAD, DEAL)
FILE_FIELDS = {CONTACT: "contacts_file", LEAD: "leads_file", DEAL: "deals_file"}
REFUSED_FIELDS = {CONTACT: "refused_contacts_file", LEAD: "refused_leads_file", DEAL: "refused_deals_file"}
REFUSED_DOCTYPE = "Bitrix24 Refused Row"
FORMULA_MARKS = ("=", "@", "\t", "\r")


class UnreadableFile(frappe.ValidationError):
	"""A file that is no export of Bitrix24, or one of another kind than its field says."""


@dataclass(frozen=True)
class Export:
	"""One attached file, known to be an export of its kind."""

	kind: str
	table: CsvTable

	def rows(self, region: str) -> Iterator[ImportedRow | Refusal]:
		return read_rows(self.table, self.kind, region)

	def unknown_headings(self) -> list[str]:
		return map_columns(self.table.headings, self.kind).unknown


def read_exports(document) -> list[Export]:
	"""The attached files in the order of import; throws UnreadableFile naming the file and what is wrong."""
	return [_read_export(document, kind) for kind in ORDER if document.get(FILE_FIELDS[kind])]


def _read_export(document, kind: str) -> Export:
	label = describe_kind(kind)
	try:
		table = read_table(_content(document, document.get(FILE_FIELDS[kind])))
	except NotCsv as problem:
		frappe.throw(f"{label}: {describe_file_problem(problem.code)}", UnreadableFile)
	found = guess_kind(table.headings)
	if found and found != kind:
		frappe.throw(
			_("{0}: this file is an export of another kind: {1}.").format(label, describe_kind(found)),
			UnreadableFile,
		)
	missing = missing_columns(map_columns(table.headings, kind), kind)
	if missing:
		frappe.throw(
			_("{0}: the file has no column {1}. Export all fields from Bitrix24.").format(
				label, ", ".join(missing)
			),
			UnreadableFile,
		)
	return Export(kind, table)


def _content(document, file_url: str) -> bytes:
	"""The bytes of the attached file; somebody else's file is read only by whoever may read it."""
	own = {"file_url": file_url, "attached_to_doctype": document.doctype, "attached_to_name": document.name}
	name = frappe.db.get_value("File", own) or frappe.db.get_value("File", {"file_url": file_url})
	if not name:
		frappe.throw(
			_("The file {0} is not here any more. Attach it again.").format(file_url), UnreadableFile
		)
	file = frappe.get_doc("File", name)
	file.check_permission("read")
	file.validate_file_url()
	return Path(file.get_full_path()).read_bytes()


def check_readable(file_url: str) -> None:
	"""Throws PermissionError when the session's user may read none of the files at this address."""
	files = [
		frappe.get_doc("File", name) for name in frappe.get_all("File", {"file_url": file_url}, pluck="name")
	]
	if not any(file.has_permission("read") for file in files):
		raise frappe.PermissionError(_("No permission for {0}").format(file_url))


def save_refused(document) -> None:
	"""A CSV of the refused rows for each file that has some: the original columns, then line and reason."""
	for export in read_exports(document):
		rows = frappe.get_all(
			REFUSED_DOCTYPE,
			{"bitrix24_import": document.name, "kind": export.kind},
			["line", "reason", "cells"],
			order_by="line",
		)
		if rows:
			document.db_set(
				REFUSED_FIELDS[export.kind], _save_file(document, export, rows), update_modified=False
			)


def _save_file(document, export: Export, rows: list[dict]) -> str:
	name = f"{document.name}-{FILE_FIELDS[export.kind].removesuffix('_file')}-refused.csv"
	for old in frappe.get_all("File", {"attached_to_name": document.name, "file_name": name}, pluck="name"):
		frappe.delete_doc("File", old, force=True)
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": name,
			"content": refused_csv(export.table.headings, rows),
			"is_private": 1,
			"attached_to_doctype": document.doctype,
			"attached_to_name": document.name,
			"attached_to_field": REFUSED_FIELDS[export.kind],
		}
	)
	# The job leaves its result on its own document.
	return file.insert(ignore_permissions=True).file_url


def refused_csv(headings: list[str], rows: list[dict]) -> bytes:
	"""Opens in Excel by a double click: UTF-8 with BOM, `;`. Corrected, it can be imported again as it is."""
	out = io.StringIO()
	writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
	writer.writerow([*headings, _("Line"), _("Reason")])
	for row in rows:
		cells = frappe.parse_json(row["cells"]) or []
		cells = [*cells, *[""] * len(headings)][: max(len(headings), 1)]
		writer.writerow([*map(_harmless, cells), row["line"], row["reason"]])
	return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
	"""A cell that Excel would run as a formula is opened as text."""
	return f"'{cell}" if cell.startswith(FORMULA_MARKS) else cell
