"""The order's service advisor learns what the client and the mechanics want, at once."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.notices.send import send


def tell_answer(order: Document, approval: Document) -> None:
	"""The client has answered by the link."""
	language = _language(order)
	text = _("Approved {0}, declined {1}.", language).format(
		approval.get_formatted("approved_amount"), approval.get_formatted("declined_amount")
	)
	_tell(order, _("{0} has answered about the estimate", language).format(approval.answered_by), text)


def tell_part_request(order: Document, text: str, qty: float) -> None:
	"""A mechanic asks for a part."""
	name = frappe.get_cached_value("User", frappe.session.user, "full_name") or frappe.session.user
	_tell(order, _("{0} asks for a part", _language(order)).format(name), f"{text} × {qty:g}")


def _tell(order: Document, subject: str, text: str) -> None:
	if order.service_advisor:
		car = " ".join(filter(None, (order.vehicle_title, order.licence_plate)))
		send(
			[order.service_advisor], f"{order.name}: {subject}", f"{car}\n{text}", (order.doctype, order.name)
		)


def _language(order: Document) -> str | None:
	if not order.service_advisor:
		return None
	return frappe.get_cached_value("User", order.service_advisor, "language") or frappe.db.get_default("lang")
