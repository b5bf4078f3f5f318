"""Papers of an order that its client may take: what was agreed, and the sales invoice (акт)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.documents.print_document import render_html, render_pdf
from auto_dealer.documents.public_link import PRINTS

APPROVAL, INVOICE = "Work Order Approval", "Sales Invoice"


def list_documents(order: Document) -> list[dict]:
	"""[{id, title, date}], the newest first; `id` is for `read_document`."""
	documents = []
	if order.sales_invoice:
		date = frappe.db.get_value(INVOICE, order.sales_invoice, "posting_date")
		documents.append({"id": "act", "title": _("Act of Completed Works"), "date": str(date)})
	approvals = frappe.get_all(
		APPROVAL,
		{"work_order": order.name, "document": ("is", "set")},
		["name", "answered_at"],
		order_by="answered_at desc",
	)
	for row in approvals:
		date = str(row.answered_at)[:10]
		documents.append({"id": row.name, "title": _("Agreed Estimate"), "date": date})
	return documents


def read_document(order: str, document_id: str) -> tuple[bytes, str] | None:
	"""(content, file name) of a document of this very order, else None."""
	if document_id == "act":
		invoice = frappe.db.get_value("Service Work Order", order, "sales_invoice")
		return print_act(invoice) if invoice else None
	url = frappe.db.get_value(APPROVAL, {"name": document_id, "work_order": order}, "document")
	return read_file(url) if url else None


def print_act(invoice: str) -> tuple[bytes, str]:
	"""A PDF where the bench makes PDF files, else the page."""
	if content := render_pdf(INVOICE, invoice, PRINTS[INVOICE]):
		return content, f"{invoice}.pdf"
	return render_html(INVOICE, invoice, PRINTS[INVOICE]).encode(), f"{invoice}.html"


def read_file(url: str) -> tuple[bytes, str] | None:
	"""Of a private file; the caller has checked that the url is one of the order's."""
	name = frappe.db.get_value("File", {"file_url": url})
	if not name:
		return None
	file = frappe.get_doc("File", name)
	content = file.get_content()
	return (content if isinstance(content, bytes) else content.encode()), file.file_name
