"""The estimate as a client sees it, and its hash: what is agreed is exactly this."""

from __future__ import annotations

from decimal import Decimal

from frappe import _
from frappe.model.document import Document

from auto_dealer.orders.order_lines import OrderLine, lines_of
from auto_dealer.orders.rules.approval import hash_of
from auto_dealer.orders.rules.totals import DECLINED, LABOUR, PART, PROPOSED, money


def take_snapshot(order: Document) -> dict:
	"""Plain data: the same estimate gives the same dictionary. Sums are text in hundredths, VAT included."""
	return {
		"order": order.name,
		"client": order.client_name or "",
		"car": order.vehicle_title or "",
		"vin": order.vin or "",
		"plate": order.licence_plate or "",
		"mileage": int(order.mileage or 0),
		"currency": order.currency or "",
		"lines": [snapshot_line(line) for line in lines_of(order)],
	}


def snapshot_line(line: OrderLine) -> dict:
	price = line.line.fixed_price or line.line.rate
	return {
		"id": line.id,
		"kind": line.kind,
		"title": line.title,
		"qty": _plain(line.line.qty),
		"unit": unit_of(line),
		"price": str(money(price)),
		"is_fixed_price": bool(line.line.fixed_price),
		"is_free": line.line.is_free,
		"discount": str(line.sum.discount),
		"amount": str(line.sum.amount),
		"state": line.row.approval or PROPOSED,
	}


def snapshot_hash(snapshot: dict) -> str:
	return hash_of(snapshot)


def open_line_ids(snapshot: dict) -> list[str]:
	"""Lines that wait for the client's answer."""
	return [line["id"] for line in snapshot["lines"] if line["state"] == PROPOSED]


def shown_total(snapshot: dict) -> str:
	"""Of all lines that the client has not declined."""
	amounts = [Decimal(line["amount"]) for line in snapshot["lines"] if line["state"] != DECLINED]
	return str(sum(amounts, Decimal("0.00")))


def unit_of(line: OrderLine) -> str:
	if line.kind == LABOUR:
		return "h"
	return (line.row.uom or "") if line.kind == PART else ""


def unit_label(line: dict) -> str:
	"""In the reader's language; of a line of a snapshot."""
	return _("h") if line["kind"] == LABOUR else _(line["unit"]) if line["unit"] else ""


def _plain(number) -> str:
	"""`1.5`, never `1.50` or `1E+1`: a number stored and read again gives the same text."""
	text = f"{number:f}"
	return text.rstrip("0").rstrip(".") if "." in text else text
