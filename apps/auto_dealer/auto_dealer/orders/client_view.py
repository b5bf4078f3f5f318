"""What a client sees of one order by a link, and the answer that comes back. The link itself is the portal's matter.

`view(order)` gives plain data that may be sent to the client as it is:

	name, stage, stage_label, is_closed, client_name, car {title, plate, vin, mileage}, complaint, advisor
	opened_at, promised_at, ready_at                  texts as Frappe stores them, or None
	currency, lines [line], total, approved_total, discount_total, vat_amount
	paid, outstanding
	findings [{id, point, severity, finding, photos}], photos [photo], documents [{id, title, date}]
	can_answer, snapshot_hash                         send the hash back with the answers
	line  = {id, kind labour|part|sublet, title, qty, unit, price, discount, amount, state Proposed|Approved|Declined,
	         is_asked, severity, finding, photos, job_state}
	photo = {id, caption}                             its bytes: `photo(order, id)`

Sums are text in hundredths. Cost, mechanics' names and times, stock and staff's notes are not in it.
"""

from __future__ import annotations

from collections.abc import Mapping

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.orders import client_documents
from auto_dealer.orders.answer_estimate import DOCTYPE, answer_estimate
from auto_dealer.orders.estimate_snapshot import (
	open_line_ids,
	shown_total,
	snapshot_hash,
	take_snapshot,
	unit_label,
)
from auto_dealer.orders.order_lines import find_row
from auto_dealer.orders.rules.stages import ASKING, CANCELLED, CLOSED, HANDED_OVER
from auto_dealer.orders.rules.totals import decimal, money
from auto_dealer.sales.retry import run_locked


def view(order: str | Document) -> dict:
	"""See above. The caller answers for the client's right to this order."""
	doc = frappe.get_doc(DOCTYPE, order) if isinstance(order, str) else order
	snapshot = take_snapshot(doc)
	asked = set(open_line_ids(snapshot)) if doc.stage in ASKING else set()
	return {
		**_head(doc),
		"lines": [_line(doc, line, line["id"] in asked) for line in snapshot["lines"]],
		"total": shown_total(snapshot),
		**_sums(doc),
		"findings": _findings(doc),
		"photos": [_photo(row) for row in doc.photos if row.is_shown],
		"documents": client_documents.list_documents(doc),
		"can_answer": bool(asked),
		"snapshot_hash": snapshot_hash(snapshot),
	}


def answer(order: str, answers: Mapping[str, bool], name: str, ip: str | None, snapshot_hash: str) -> dict:
	"""Takes the client's answers ({line id: approve}) and gives the new view.

	Raises `answer_estimate.EstimateChanged` when the estimate is not the one of the hash, or somebody was faster, and
	`answer_estimate.AnswerNotTaken` when a line is left out. Both are refusals (417) that change nothing.
	"""
	run_locked(lambda: answer_estimate(order, answers, name, snapshot_hash, ip))
	return view(order)


def photo(order: str, photo_id: str) -> tuple[bytes, str] | None:
	"""(content, file name) of a photo that the client may see; None for any other."""
	row = frappe.db.get_value(
		"Work Order Photo",
		{"name": photo_id, "parent": order, "parenttype": DOCTYPE, "is_shown": 1},
		"photo",
	)
	return client_documents.read_file(row) if row else None


def document(order: str, document_id: str) -> tuple[bytes, str] | None:
	"""(content, file name) of one of the view's documents; None for any other."""
	return client_documents.read_document(order, document_id)


def _head(doc: Document) -> dict:
	return {
		"name": doc.name,
		"stage": doc.stage,
		"stage_label": _(doc.stage, context=DOCTYPE),
		"is_closed": doc.stage in (HANDED_OVER, CLOSED, CANCELLED),
		"client_name": doc.client_name,
		"car": {
			"title": doc.vehicle_title,
			"plate": doc.licence_plate,
			"vin": doc.vin,
			"mileage": doc.mileage,
		},
		"complaint": doc.complaint,
		"advisor": frappe.get_cached_value("User", doc.service_advisor, "full_name")
		if doc.service_advisor
		else None,
		**{field: _text(doc.get(field)) for field in ("opened_at", "promised_at", "ready_at")},
		"currency": doc.currency,
	}


def _sums(doc: Document) -> dict:
	return {
		"approved_total": _money(doc.approved_total),
		"discount_total": _money(doc.discount_total),
		"vat_amount": _money(doc.vat_amount),
		"paid": _money(doc.paid_amount),
		"outstanding": _money(doc.outstanding_amount),
	}


def _line(doc: Document, line: dict, is_asked: bool) -> dict:
	row = find_row(doc, line["id"]).row
	found = next((point for point in doc.inspection if point.name == row.get("inspection_row")), None)
	shown = ("id", "kind", "title", "qty", "unit", "price", "discount", "amount", "state")
	return {
		**{key: line[key] for key in shown},
		"unit": unit_label(line),
		"is_asked": is_asked,
		"severity": found.severity if found else None,
		"finding": found.finding if found else None,
		"photos": [_photo(photo) for photo in _photos_of(doc, found)],
		"job_state": row.get("state") if line["state"] == "Approved" else None,
	}


def _findings(doc: Document) -> list[dict]:
	return [
		{
			"id": row.name,
			"point": row.point,
			"severity": row.severity,
			"finding": row.finding,
			"photos": [_photo(photo) for photo in _photos_of(doc, row)],
		}
		for row in doc.inspection
		if row.severity
	]


def _photos_of(doc: Document, point: Document | None) -> list[Document]:
	return [row for row in doc.photos if point and row.is_shown and row.inspection_row == point.name]


def _photo(row: Document) -> dict:
	return {"id": row.name, "caption": row.caption}


def _money(value: object) -> str:
	return str(money(decimal(value)))


def _text(value: object) -> str | None:
	return str(value)[:19] if value else None
