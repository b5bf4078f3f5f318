"""Photos and requests for parts that a mechanic adds to the order of a job; each once, whatever the connection does."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, now_datetime

from auto_dealer.orders.mechanic_time import DOCTYPE, find_job
from auto_dealer.orders.move_parts import touch
from auto_dealer.orders.tell_advisor import tell_part_request
from auto_dealer.portal.rules.photo import PhotoRefused, clean_photo

MOST_PHOTOS = 60


class NotTaken(frappe.ValidationError):
	"""A photo that is none, or too many of them; a request that asks for nothing."""


def add_photo(order: str, row: str, key: str, content: bytes, caption: str = "") -> str:
	"""Re-encoded without its position and other hidden data; shown to the client when the advisor says so."""
	doc = frappe.get_doc(DOCTYPE, order, for_update=True)
	find_job(doc, row)
	if any(photo.device_key == key for photo in doc.photos):
		return "duplicate"
	if len(doc.photos) >= MOST_PHOTOS:
		frappe.throw(_("The order has {0} photos already.").format(MOST_PHOTOS), NotTaken)
	try:
		photo = clean_photo(content)
	except PhotoRefused:
		frappe.throw(_("This file is no photo that can be read."), NotTaken)
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{order}-{len(doc.photos) + 1}.jpg",
			"attached_to_doctype": DOCTYPE,
			"attached_to_name": order,
			"content": photo.content,
			"is_private": 1,
		}
	)
	# A mechanic has no right to orders; the job was checked above.
	file.insert(ignore_permissions=True)
	add_row(
		doc,
		"photos",
		{
			"photo": file.file_url,
			"caption": (caption or "")[:140],
			"is_shown": 0,
			"labour_row": row,
			"device_key": key,
			"taken_by": frappe.session.user,
			"taken_at": now_datetime(),
		},
	)
	return "done"


def ask_for_part(order: str, row: str, key: str, text: str, qty: float = 1) -> str:
	"""What the mechanic needs, in words; the advisor makes a line of it, and the client is asked."""
	doc = frappe.get_doc(DOCTYPE, order, for_update=True)
	find_job(doc, row)
	if any(request.device_key == key for request in doc.part_requests):
		return "duplicate"
	text = (text or "").strip()
	if not text:
		frappe.throw(_("Write what you need."), NotTaken)
	qty = max(flt(qty), 0) or 1
	add_row(
		doc,
		"part_requests",
		{
			"requested_text": text[:140],
			"qty": qty,
			"labour_row": row,
			"device_key": key,
			"requested_by": frappe.session.user,
			"requested_at": now_datetime(),
		},
	)
	tell_part_request(doc, text[:140], qty)
	return "done"


def add_row(order: Document, table: str, values: dict) -> None:
	"""One row of a saved order; a form that is open elsewhere must be loaded anew, else its save would drop the row."""
	row = order.append(table, values)
	row.name = frappe.generate_hash(length=10)
	row.parent, row.parenttype, row.parentfield = order.name, order.doctype, table
	row.db_insert()
	touch(order)
