"""What the client of an order sees: a work order line by line, or a deal of the body shop by its stage and sum."""

from __future__ import annotations

import hashlib
from typing import Any

import frappe
from frappe import _

from auto_dealer.orders import client_view
from auto_dealer.payments.billed import LINK_FIELDS
from auto_dealer.payments.overview import get_overview
from auto_dealer.portal.link_tokens import find_link
from auto_dealer.portal.moments import date_text, moment_text
from auto_dealer.portal.money import money_text
from auto_dealer.portal.rules.order_steps import STEPS, find_step

ORDER, DEAL = "Service Work Order", "Auto Deal"
PURPOSE = "Order"
TONES = {
	"Approved": "good",
	"Declined": "bad",
	"Proposed": "",
	"green": "good",
	"yellow": "warn",
	"red": "bad",
}


def find_order(token: str) -> frappe._dict | None:
	"""The link of an order or a deal; None for a wrong, foreign, expired and revoked one alike."""
	link = find_link(token, PURPOSE)
	return link if link and link.reference_doctype in (ORDER, DEAL) else None


def get_view(doctype: str, name: str) -> dict[str, Any]:
	"""Ready for the template: texts, sums and moments in the language of the request."""
	view = _order(name) if doctype == ORDER else _deal(name)
	money = _money(doctype, name, view["currency"])
	if any(document["id"] == "act" for document in view["documents"]):
		money["acts"] = []
	return {**view, **money}


def get_version(doctype: str, name: str) -> str:
	"""Changes when anything that the client sees changes."""
	fields = (
		"stage",
		"lines",
		"paid",
		"outstanding",
		"promised_at",
		"photos",
		"documents",
		"findings",
		"total",
	)
	if doctype == ORDER:
		view = client_view.view(name)
		seen = {field: view[field] for field in fields}
	else:
		seen = frappe.db.get_value(DEAL, name, ["stage", "amount", "paid_amount", "outstanding_amount"])
	return hashlib.sha256(frappe.as_json(seen).encode()).hexdigest()[:16]


def _order(name: str) -> dict[str, Any]:
	view = client_view.view(name)
	step = find_step(view["stage"])
	currency = view["currency"]
	lines = [_line(line, currency) for line in view["lines"]]
	return {
		"number": view["name"],
		"stage": view["stage_label"],
		"is_cancelled": step is None,
		"steps": [
			{"title": _step_title(title), "is_done": step is not None and i <= step}
			for i, title in enumerate(STEPS)
		],
		"step": step,
		"car": " · ".join(filter(None, (view["car"]["title"], view["car"]["plate"]))),
		"complaint": view["complaint"] or "",
		"advisor": view["advisor"] or "",
		"promised_at": moment_text(view["promised_at"]) if view["promised_at"] else "",
		"ready_at": moment_text(view["ready_at"]) if view["ready_at"] else "",
		"client_name": view["client_name"] or "",
		"asked": [line for line in lines if line["is_asked"]],
		"lines": [line for line in lines if not line["is_asked"]],
		"findings": [
			{**finding, "tone": TONES.get((finding["severity"] or "").lower(), "")}
			for finding in view["findings"]
		],
		"photos": view["photos"],
		"documents": [
			{**document, "date": date_text(document["date"]) if document["date"] else ""}
			for document in view["documents"]
		],
		"total": money_text(view["total"], currency),
		"discount": money_text(view["discount_total"], currency) if float(view["discount_total"]) else "",
		"vat": money_text(view["vat_amount"], currency) if float(view["vat_amount"]) else "",
		"currency": currency,
		"can_answer": view["can_answer"],
		"snapshot_hash": view["snapshot_hash"],
	}


def _line(line: dict[str, Any], currency: str) -> dict[str, Any]:
	return {
		**line,
		"sum": money_text(line["amount"], currency),
		"quantity": "" if line["kind"] == "labour" else f"{_number(line['qty'])} {line['unit']}".strip(),
		"state_label": _(line["state"]),
		"tone": TONES.get(line["state"], ""),
		"severity_tone": TONES.get((line["severity"] or "").lower(), ""),
	}


def _deal(name: str) -> dict[str, Any]:
	fields = ["stage", "amount", "currency", "client_name", "title"]
	deal = frappe.db.get_value(DEAL, name, fields, as_dict=True)
	return {
		"number": name,
		"stage": _(deal.stage),
		"is_cancelled": deal.stage == "Lost",
		"steps": [],
		"car": "",
		"client_name": deal.client_name or "",
		"asked": [],
		"lines": [],
		"findings": [],
		"photos": [],
		"documents": [],
		"total": money_text(deal.amount, deal.currency) if deal.amount else "",
		"currency": deal.currency,
		"can_answer": False,
		"snapshot_hash": "",
	}


def _money(doctype: str, name: str, currency: str) -> dict[str, Any]:
	"""What is paid and left, open invoices with their links, acts with theirs."""
	if doctype not in LINK_FIELDS:
		return {"paid": "", "outstanding": "", "invoices": [], "acts": []}
	overview = get_overview(doctype, name)
	return {
		"paid": money_text(overview["paid"], currency) if overview["paid"] else "",
		# Before an invoice nobody asks for money yet.
		"outstanding": money_text(overview["outstanding"], currency)
		if overview["outstanding"] and (overview["paid"] or overview["invoices"])
		else "",
		"invoices": [
			{
				"title": _("Invoice for {0}").format(
					money_text(row.outstanding_amount or row.grand_total, currency)
				),
				"url": row.url,
			}
			for row in overview["invoices"]
			if row.is_open and row.url
		],
		"acts": [
			{"title": _("Act of Completed Works"), "url": row.url}
			for row in overview["acts"]
			if row.get("url")
		],
	}


def _number(value: object) -> str:
	text = f"{float(value or 0):.3f}".rstrip("0").rstrip(".")
	return text.replace(".", ",") if frappe.local.lang == "ru" else text


def _step_title(title: str) -> str:
	titles = {
		"Accepted": _("Accepted"),
		"Inspection": _("Inspection"),
		"Estimate": _("Estimate"),
		"In Work": _("In Work"),
		"Ready": _("Ready"),
		"Handed Over": _("Handed Over"),
	}
	return titles[title]
