"""The pack of an application for a bank: the questionnaire as data and as a document, and the attached papers."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path, PurePath

import frappe
from frappe.model.document import Document
from frappe.utils import nowdate
from frappe.utils.pdf import get_pdf

from auto_dealer.credit.banks.interface import Pack

DOCTYPE = "Credit Application"
TEMPLATE = "auto_dealer/templates/credit_application_pack.html"
# What banks do not get to see.
OWN_FIELDS = {
	*("bank_commission", "product_commission", "total_commission", "dealer_commission", "last_event"),
	*("specialist_commission", "manager_commission", "specialist_share", "manager_share", "last_event_at"),
	*("offers", "offers_comparison", "erased_at", "closed_at", "closing_reason", "deal_stage", "deal_amount"),
	*("responsible", "department", "stage", "title", "deal", "contract_number", "contract_date"),
	*("issued_on", "issued_sum", "specialist", "is_new_car"),
}
OWN_ROW_FIELDS = {"commission", "commission_percent", "commission_sum", "currency"}
LAYOUT = ("Tab Break", "Section Break", "Column Break", "HTML")


def make_pack(application: Document, key: str) -> Pack:
	"""`key`: the same for every try with one bank. The caller has checked rights and consent."""
	return Pack(key, application.name, pack_data(application), tuple(papers(application.name)))


def pack_data(application: Document) -> dict:
	"""The questionnaire by field name, rows as lists; dates as ISO text, and the date of the pack."""
	data = {"application": application.name, "date": nowdate()}
	for df in application.meta.fields:
		if df.fieldtype in LAYOUT or df.fieldname in OWN_FIELDS:
			continue
		value = application.get(df.fieldname)
		data[df.fieldname] = [row_data(row) for row in value or ()] if df.fieldtype == "Table" else value
	return json.loads(frappe.as_json(data))


def row_data(row: Document) -> dict:
	names = [df.fieldname for df in row.meta.fields if df.fieldtype not in LAYOUT]
	return {name: row.get(name) for name in names if name not in OWN_ROW_FIELDS}


def papers(application: str) -> list[tuple[str, bytes]]:
	"""Name and content of each attached file; a file that is gone from the disk is left out, links are too."""
	files = frappe.get_all(
		"File",
		{"attached_to_doctype": DOCTYPE, "attached_to_name": application, "is_folder": 0},
		["name", "file_name"],
		order_by="creation",
	)
	found = []
	for row in files:
		file = frappe.get_doc("File", row.name)
		if (file.file_url or "").startswith(("/files/", "/private/files/")):
			path = Path(file.get_full_path())
			if path.is_file():
				found.append((row.file_name, path.read_bytes()))
	return found


def as_zip(pack: Pack) -> bytes:
	"""The questionnaire (PDF where the machine can make one, else HTML; and JSON) and the papers in one archive."""
	buffer = io.BytesIO()
	with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
		name, content = questionnaire(pack)
		archive.writestr(name, content)
		archive.writestr("application.json", json.dumps(pack.data, ensure_ascii=False, indent=1))
		for number, (file_name, content) in enumerate(pack.files, 1):
			# Only the last part of the name: an archive must not write outside its folder.
			archive.writestr(f"documents/{number:02d} {PurePath(file_name or 'file').name}", content)
	return buffer.getvalue()


def questionnaire(pack: Pack) -> tuple[str, bytes]:
	html = frappe.render_template(TEMPLATE, {"data": pack.data, "parts": parts(pack.data)})
	if shutil.which("wkhtmltopdf"):
		return "application.pdf", get_pdf(html)
	return "application.html", html.encode()


def parts(data: dict) -> list[dict]:
	"""The questionnaire's tabs with the labels and values of their filled fields, and their tables."""
	meta, found = frappe.get_meta(DOCTYPE), []
	for df in meta.fields:
		if df.fieldtype == "Tab Break":
			found.append({"label": df.label, "rows": [], "tables": []})
		elif df.fieldtype == "Table" and data.get(df.fieldname):
			columns = [c for c in frappe.get_meta(df.options).fields if c.fieldname in data[df.fieldname][0]]
			found[-1]["tables"].append(
				{"label": df.label, "columns": [c for c in columns if c.label], "rows": data[df.fieldname]}
			)
		elif found and data.get(df.fieldname) and df.label:
			found[-1]["rows"].append((df, data[df.fieldname]))
	return [part for part in found if part["rows"] or part["tables"]]
