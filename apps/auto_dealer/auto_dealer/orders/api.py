"""What the desk may call for work orders. Prices, sums and stages are the server's; see the modules called."""

from __future__ import annotations

import json

import frappe

from auto_dealer.orders import (
	answer_estimate,
	close_order,
	deferred_works,
	issue_parts,
	open_order,
	reserve_parts,
)
from auto_dealer.orders.client_view import view
from auto_dealer.orders.estimate_snapshot import open_line_ids, snapshot_hash, take_snapshot
from auto_dealer.orders.rules.stages import NEXT
from auto_dealer.orders.stage_check import problems_before
from auto_dealer.portal.link_tokens import ensure_link
from auto_dealer.sales.retry import run_locked

DOCTYPE = "Service Work Order"
CAR = "Auto Vehicle"
MECHANIC = "Dealer Mechanic"
# What may be typed into the dialog of a move.
MOVE_VALUES = ("cancel_reason", "quality_note", "pay_later", "pay_later_reason", "promised_at", "mileage")


@frappe.whitelist(methods=["POST"])
def open_from_booking(booking: str) -> str:
	"""The booking's order, made now if there is none. For those who read the booking and make orders."""
	frappe.has_permission("Service Booking", "read", doc=booking, throw=True)
	frappe.has_permission(DOCTYPE, "create", throw=True)
	return run_locked(lambda: open_order.from_booking(booking))


@frappe.whitelist(methods=["POST"])
def open_from_deal(deal: str) -> str:
	"""The deal's open order, made now if there is none. For those who read the deal and make orders."""
	frappe.has_permission("Auto Deal", "read", doc=deal, throw=True)
	frappe.has_permission(DOCTYPE, "create", throw=True)
	return run_locked(lambda: open_order.from_deal(deal))


@frappe.whitelist(methods=["POST"])
def add_services(order: str, offerings: list | str) -> None:
	"""Adds the works and parts of services to a saved order. For those who write it."""
	frappe.has_permission(DOCTYPE, "write", doc=order, throw=True)
	names = [str(name) for name in _list(offerings)]

	def add() -> None:
		doc = frappe.get_doc(DOCTYPE, order, for_update=True)
		open_order.add_offerings(doc, names)
		doc.save()

	run_locked(add)


@frappe.whitelist()
def get_next_stages(order: str) -> list[dict]:
	"""[{stage, problems: [{code, text}]}]: where the order may go from here, and what it lacks. For those who read it."""
	frappe.has_permission(DOCTYPE, "read", doc=order, throw=True)
	doc = frappe.get_doc(DOCTYPE, order)
	return [{"stage": stage, "problems": problems_before(doc, stage)} for stage in NEXT.get(doc.stage, ())]


@frappe.whitelist(methods=["POST"])
def move(order: str, stage: str, values: dict | str | None = None) -> str:
	"""To another stage, with what its dialog asked; refused as the rules say. For those who write the order."""
	frappe.has_permission(DOCTYPE, "write", doc=order, throw=True)
	typed = json.loads(values) if isinstance(values, str) else values or {}

	def do() -> str:
		if stage == "Closed":
			return close_order.close_order(order)
		doc = frappe.get_doc(DOCTYPE, order, for_update=True)
		doc.update({key: typed[key] for key in MOVE_VALUES if key in typed})
		doc.stage = stage
		return doc.save().stage

	return run_locked(do)


@frappe.whitelist()
def get_estimate(order: str) -> dict:
	"""What the client sees, for those who read the order: {…, snapshot_hash}; see `client_view`."""
	frappe.has_permission(DOCTYPE, "read", doc=order, throw=True)
	return view(order)


@frappe.whitelist(methods=["POST"])
def answer_for_client(order: str, answers: dict | str, client_name: str, shown_hash: str) -> str:
	"""Writes down what the client said at the desk or by phone; frozen like an answer by link, with who wrote it.

	For those who write the order.
	"""
	frappe.has_permission(DOCTYPE, "write", doc=order, throw=True)
	given = json.loads(answers) if isinstance(answers, str) else answers
	return run_locked(
		lambda: answer_estimate.answer_estimate(
			order,
			{str(line): bool(given[line]) for line in given},
			client_name,
			shown_hash,
			frappe.local.request_ip,
			answer_estimate.STAFF,
		)
	)


@frappe.whitelist()
def get_open_lines(order: str) -> dict:
	"""{lines, hash}: what waits for the client's answer. For those who read the order."""
	frappe.has_permission(DOCTYPE, "read", doc=order, throw=True)
	snapshot = take_snapshot(frappe.get_doc(DOCTYPE, order))
	asked = set(open_line_ids(snapshot))
	lines = [line for line in snapshot["lines"] if line["id"] in asked]
	return {"lines": lines, "hash": snapshot_hash(snapshot)}


@frappe.whitelist(methods=["POST"])
def reserve(order: str) -> list[str]:
	"""Tries again to put agreed parts aside; gives those still missing. For those who write the order."""
	frappe.has_permission(DOCTYPE, "write", doc=order, throw=True)
	return run_locked(lambda: reserve_parts.reserve(order))


@frappe.whitelist(methods=["POST"])
def issue(order: str, rows: list | str | None = None) -> list[str]:
	"""Issues agreed parts to the workshop, all or none; missing ones are told. For those who write the order."""
	frappe.has_permission(DOCTYPE, "write", doc=order, throw=True)
	chosen = [str(row) for row in _list(rows)] if rows else None
	return run_locked(lambda: issue_parts.issue(order, chosen))


@frappe.whitelist(methods=["POST"])
def take_back(order: str, row: str, qty: float | None = None) -> None:
	"""A part goes back to where it was taken from. For those who write the order."""
	frappe.has_permission(DOCTYPE, "write", doc=order, throw=True)
	run_locked(lambda: issue_parts.take_back(order, row, qty))


@frappe.whitelist(methods=["POST"])
def make_act(order: str) -> str | None:
	"""The Sales Invoice of a ready order, made once. For those who write the order."""
	frappe.has_permission(DOCTYPE, "write", doc=order, throw=True)
	return run_locked(lambda: close_order.make_act(order))


@frappe.whitelist(methods=["POST"])
def open_again(order: str, reason: str) -> str:
	"""Takes the invoice back by a credit note, whose name it gives. For those who write the order."""
	frappe.has_permission(DOCTYPE, "write", doc=order, throw=True)
	return run_locked(lambda: close_order.open_again(order, reason))


@frappe.whitelist(methods=["POST"])
def get_client_link(order: str) -> str:
	"""The client's address of the order, without a password; made when there is none. For those who write the order."""
	frappe.has_permission(DOCTYPE, "write", doc=order, throw=True)
	return ensure_link("Order", DOCTYPE, order)


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def find_mechanics(
	doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: dict | str | None = None
) -> list:
	"""Search of a work's field: enabled users with the mechanic's role, for whoever reads orders."""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	users = frappe.get_all("Has Role", {"role": MECHANIC, "parenttype": "User"}, pluck="parent")
	return frappe.get_all(
		"User",
		filters={"enabled": 1, "name": ("in", users)},
		or_filters={"full_name": ("like", f"%{txt}%"), "name": ("like", f"%{txt}%")},
		fields=["name", "full_name"],
		order_by="full_name",
		limit_start=start,
		limit=page_len,
		as_list=True,
	)


@frappe.whitelist()
def get_deferred(vehicle: str) -> list[dict]:
	"""Open deferred works of a car, the most pressing first. For those who read the car and deferred works."""
	frappe.has_permission("Deferred Work", "read", throw=True)
	frappe.has_permission(CAR, "read", doc=vehicle, throw=True)
	return deferred_works.open_works(vehicle)


@frappe.whitelist(methods=["POST"])
def take_deferred(order: str, works: list | str) -> None:
	"""Adds deferred works of the order's car as lines to be answered. For those who write the order."""
	frappe.has_permission(DOCTYPE, "write", doc=order, throw=True)
	names = [str(name) for name in _list(works)]

	def take() -> None:
		doc = frappe.get_doc(DOCTYPE, order, for_update=True)
		deferred_works.take_into(doc, names)
		doc.flags.by_use_case = True
		doc.save()

	run_locked(take)


def _list(value: list | str | None) -> list:
	return json.loads(value) if isinstance(value, str) else value or []
