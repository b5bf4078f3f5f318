"""What a client with an account sees: his own cars, visits, orders, invoices.

His are the contact cards that bear his user, and the customers that name him as a portal user: both are written by
staff, not by him. Nothing else is asked from the browser, so that nobody can ask for another one's documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from auto_dealer.booking.links import token_for
from auto_dealer.booking.rules.status import AHEAD
from auto_dealer.payments.public_invoice import ensure_link as invoice_link
from auto_dealer.portal.link_tokens import ensure_link
from auto_dealer.portal.moments import date_text, moment_text
from auto_dealer.portal.money import money_text

MOST = 50
BOOKING, ORDER, CAR, INVOICE = "Service Booking", "Service Work Order", "Auto Vehicle", "Sales Invoice"


@dataclass(frozen=True)
class Client:
	contacts: tuple[str, ...] = ()
	customers: tuple[str, ...] = ()

	def either(self, contact: str = "contact", customer: str = "customer") -> list[list]:
		"""or_filters of documents that are his.

		Only what he has: Frappe reads `in ("",)` as "or not set", which are the documents of all others.
		"""
		found = [[contact, "in", self.contacts], [customer, "in", self.customers]]
		return [condition for condition in found if condition[2]]


def find_client(user: str) -> Client:
	contacts = frappe.get_all("Contact", {"user": user}, pluck="name")
	customers = frappe.get_all("Portal User", {"user": user, "parenttype": "Customer"}, pluck="parent")
	return Client(tuple(contacts), tuple(customers))


def get_cabinet(user: str) -> dict[str, list[dict[str, Any]]]:
	"""{cars, bookings, orders, invoices}, the newest first."""
	client = find_client(user)
	if not client.contacts and not client.customers:
		return {"cars": [], "bookings": [], "orders": [], "invoices": []}
	return {
		"cars": _cars(client),
		"bookings": _bookings(client),
		"orders": _orders(client),
		"invoices": _invoices(client),
	}


def _cars(client: Client) -> list[dict[str, Any]]:
	rows = _mine(CAR, client.either("owner_contact", "owner_customer"), ["title", "licence_plate", "vin"])
	return [{"title": row.title, "plate": row.licence_plate or "", "vin": row.vin or ""} for row in rows]


def _bookings(client: Client) -> list[dict[str, Any]]:
	rows = _mine(BOOKING, client.either(), ["start", "status", "services", "vehicle_title"], "start desc")
	return [
		{
			"url": f"/booking/{token_for(row.name)}",
			"when": moment_text(row.start),
			"status": _(row.status, context=BOOKING),
			"is_ahead": row.status in AHEAD and row.start > now_datetime(),
			"services": row.services,
			"car": row.vehicle_title or "",
		}
		for row in rows
	]


def _orders(client: Client) -> list[dict[str, Any]]:
	fields = ["stage", "opened_at", "vehicle_title", "total", "outstanding_amount", "currency"]
	return [
		{
			"number": row.name,
			"url": ensure_link("Order", ORDER, row.name),
			"stage": _(row.stage, context=ORDER),
			"car": row.vehicle_title or "",
			"date": date_text(row.opened_at) if row.opened_at else "",
			"total": money_text(row.total, row.currency) if row.total else "",
		}
		for row in _mine(ORDER, client.either(), fields, "creation desc")
	]


def _invoices(client: Client) -> list[dict[str, Any]]:
	if not client.customers:
		return []
	rows = frappe.get_all(
		INVOICE,
		{"customer": ("in", client.customers), "docstatus": 1},
		["name", "posting_date", "grand_total", "outstanding_amount", "currency"],
		order_by="posting_date desc",
		limit=MOST,
	)
	return [
		{
			"number": row.name,
			"url": invoice_link(INVOICE, row.name),
			"date": date_text(row.posting_date),
			"total": money_text(row.grand_total, row.currency),
			"outstanding": money_text(row.outstanding_amount, row.currency)
			if row.outstanding_amount > 0
			else "",
		}
		for row in rows
	]


def _mine(
	doctype: str, mine: list[list], fields: list[str], order_by: str = "creation desc"
) -> list[frappe._dict]:
	if not mine:
		return []
	return frappe.get_all(doctype, or_filters=mine, fields=["name", *fields], order_by=order_by, limit=MOST)
