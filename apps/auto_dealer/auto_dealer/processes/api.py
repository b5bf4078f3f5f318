"""What the desk may call for diagnostics and detailing."""

from __future__ import annotations

import json

import frappe

from auto_dealer.processes import board, deal_state
from auto_dealer.processes import start as starting
from auto_dealer.sales.retry import run_locked


@frappe.whitelist(methods=["POST"])
def start(kind: str, deal: str, values: dict | str | None = None, send: bool | int = True) -> dict:
	"""Starts a process of the deal: its name and state; for whoever writes the deal and may make such requests."""
	frappe.has_permission("Auto Deal", "write", doc=deal, throw=True)
	frappe.has_permission(starting.KINDS.get(kind, "Diagnostics Request"), "create", throw=True)
	given = json.loads(values) if isinstance(values, str) else values
	name = run_locked(lambda: starting.start(kind, deal, given, bool(int(send))))
	return {"doctype": starting.KINDS[kind], "name": name, "processes": deal_state.get_state(deal)}


@frappe.whitelist()
def get_deal_processes(deal: str) -> list[dict]:
	"""The last diagnostics and the last detailing of the deal, for whoever reads it."""
	frappe.has_permission("Auto Deal", "read", doc=deal, throw=True)
	return deal_state.get_state(deal)


@frappe.whitelist()
def get_board(pipeline: str | None = None) -> dict:
	"""Cars between buyout and sale by step, as far as the caller sees their deals."""
	frappe.has_permission("Auto Deal", "read", throw=True)
	return board.get_board(pipeline)


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def find_visitors(
	doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: dict | str | None = None
) -> list:
	"""Search of the field: enabled users who may fill in diagnostics, for whoever reads such requests."""
	frappe.has_permission("Diagnostics Request", "read", throw=True)
	roles = frappe.get_all(
		"DocPerm", {"parent": "Diagnostics Request", "write": 1, "permlevel": 0}, pluck="role"
	)
	users = frappe.get_all("Has Role", {"role": ("in", roles), "parenttype": "User"}, pluck="parent")
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
