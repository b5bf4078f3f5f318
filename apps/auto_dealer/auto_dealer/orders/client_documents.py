"""Papers of an order that its client may take: what was agreed, invoices for payment, the sales invoice (акт)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.documents.print_document import render_pdf

APPROVAL, INVOICE = "Work Order Approval", "Sales Invoice"
ACT = "Work Order Act"


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
		has_invoice = frappe.db.get_value("Service Work Order", order, "sales_invoice")
		content = render_pdf("Service Work Order", order, ACT) if has_invoice else None
		return (content, f"{order}.pdf") if content else None
	url = frappe.db.get_value(APPROVAL, {"name": document_id, "work_order": order}, "document")
	return read_file(url) if url else None


def read_file(url: str) -> tuple[bytes, str] | None:
	"""Of a private file; the caller has checked that the url is one of the order's."""
	name = frappe.db.get_value("File", {"file_url": url})
	if not name:
		return None
	file = frappe.get_doc("File", name)
	content = file.get_content()
	return (content if isinstance(content, bytes) else content.encode()), file.file_name


def pay_links(order: Document) -> list[dict]:
	"""Open invoices for payment with their public links; empty while the payments part has none to give."""
	return []
