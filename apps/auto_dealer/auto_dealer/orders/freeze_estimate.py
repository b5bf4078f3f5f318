"""What the client saw and answered, frozen: the estimate's content, its PDF and both hashes, time, address, name."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import fmt_money, format_datetime, now_datetime
from frappe.utils.pdf import get_pdf

from auto_dealer.documents.print_document import can_make_pdf
from auto_dealer.orders.estimate_snapshot import open_line_ids, unit_label

APPROVAL = "Work Order Approval"
TEMPLATE = "auto_dealer/templates/orders/approved_estimate.html"


def freeze(order: Document, snapshot: dict, shown_hash: str, answers: dict[str, bool], who: dict) -> Document:
	"""Inserts the approval with its document. `who`: name, ip, way (Link or Staff), staff."""
	amounts = _amounts(snapshot, answers)
	approval = frappe.get_doc(
		{
			"doctype": APPROVAL,
			"work_order": order.name,
			"answered_by": who["name"],
			"answered_at": now_datetime(),
			"way": who["way"],
			"ip": who.get("ip"),
			"staff": who.get("staff"),
			"approved_amount": float(amounts[True]),
			"declined_amount": float(amounts[False]),
			"currency": order.currency,
			"snapshot_hash": shown_hash,
			"snapshot": frappe.as_json(snapshot),
			"answers": frappe.as_json(answers),
		}
	)
	# The client is a guest; nobody else writes approvals.
	approval.insert(ignore_permissions=True)
	_attach(approval, render(approval, snapshot, answers))
	return approval


def render(approval: Document, snapshot: dict, answers: dict[str, bool]) -> str:
	"""The page that is frozen: every line with its sum and the client's answer, and who answered when."""
	return frappe.render_template(
		TEMPLATE,
		{
			"approval": approval,
			"estimate": snapshot,
			"answer_of": lambda line: _answer_text(line, answers),
			"unit_of": unit_label,
			"money": lambda amount: fmt_money(float(amount), currency=snapshot["currency"]),
			"answered_at": format_datetime(approval.answered_at, "dd.MM.yyyy HH:mm:ss"),
			"title": _("Estimate of the Work Order {0}").format(snapshot["order"]),
		},
	)


def _answer_text(line: dict, answers: dict[str, bool]) -> str:
	if line["id"] in answers:
		return _("approved now") if answers[line["id"]] else _("declined now")
	return _("approved before") if line["state"] == "Approved" else _("declined before")


def _amounts(snapshot: dict, answers: dict[str, bool]) -> dict[bool, Decimal]:
	sums = {True: Decimal(0), False: Decimal(0)}
	for line in snapshot["lines"]:
		if line["id"] in set(open_line_ids(snapshot)) & set(answers):
			sums[bool(answers[line["id"]])] += Decimal(line["amount"])
	return sums


def _attach(approval: Document, html: str) -> None:
	"""A PDF where the bench makes PDF files, else the page itself."""
	content, ending = html.encode(), "html"
	if can_make_pdf():
		try:
			content, ending = get_pdf(html, {"load-error-handling": "ignore"}), "pdf"
		except OSError:
			frappe.log_error(title="An estimate could not be made a PDF", reference_name=approval.name)
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{approval.work_order}-{approval.name}.{ending}",
			"attached_to_doctype": APPROVAL,
			"attached_to_name": approval.name,
			"attached_to_field": "document",
			"content": content,
			"is_private": 1,
		}
	)
	# As the approval itself: for the guest who answers.
	file.insert(ignore_permissions=True)
	approval.db_set(
		{"document": file.file_url, "document_sha256": hashlib.sha256(content).hexdigest()},
		update_modified=False,
	)
