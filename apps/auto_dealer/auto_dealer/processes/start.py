"""Starting a process from a deal: by a person, by a robot ("Start Process") or by other code."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.processes import steps
from auto_dealer.processes.request_card import AlreadyRunning
from auto_dealer.processes.rules import detailing, diagnostics

KINDS = {"Diagnostics": "Diagnostics Request", "Detailing": "Detailing Request"}
FINAL = {"Diagnostics": diagnostics.FINAL, "Detailing": detailing.FINAL}
# What the start form asks for; everything else comes from the deal or from later steps.
ASKED = {
	"Diagnostics": (
		*("vehicle", "vehicle_title", "vin", "vehicle_year", "mileage", "client_name", "phone", "address"),
		*("notes", "asked_price", "visit_at", "visitor"),
	),
	"Detailing": (
		*("contract_kind", "vehicle", "vehicle_title", "vin", "mileage", "price", "reply", "works", "notes"),
	),
}
SAVEPOINT = "dealer_start_process"


class UnknownProcess(frappe.ValidationError):
	"""Not one of KINDS."""


def start(kind: str, deal: str, values: dict[str, Any] | None = None, send: bool = True) -> str:
	"""The name of the new request; refused (AlreadyRunning) while one of the kind is under way for the deal.

	With `send` its first step is taken at once, if what it needs is filled; otherwise it waits as a draft. The right to
	write the deal is the caller's duty.
	"""
	if kind not in KINDS:
		frappe.throw(_("There is no process {0}.").format(kind), UnknownProcess)
	frappe.db.get_value("Auto Deal", deal, "name", for_update=True)
	request = frappe.new_doc(KINDS[kind])
	request.update({field: value for field, value in (values or {}).items() if field in ASKED[kind]})
	request.deal, request.author = deal, author_of(deal)
	request.flags.by_use_case = True
	insert(request)
	if send and not missing_for_first_step(request):
		steps.apply(request, "Send")
	return request.name


def insert(request: Document) -> None:
	frappe.db.savepoint(SAVEPOINT)
	try:
		# Whoever writes the deal may start its processes; robots start them too.
		request.insert(ignore_permissions=True)
	except frappe.UniqueValidationError:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		frappe.throw(_("{0} is under way for this deal already.").format(_(request.doctype)), AlreadyRunning)


def author_of(deal: str) -> str:
	"""Whoever starts it; for a robot the responsible of the deal."""
	user = frappe.session.user
	if user != "Administrator":
		return user
	return frappe.db.get_value("Auto Deal", deal, "responsible") or user


def missing_for_first_step(request: Document) -> list[str]:
	if request.doctype == KINDS["Diagnostics"]:
		return diagnostics.missing_fields(diagnostics.WAITING, request.as_dict())
	kind = request.contract_kind
	if not kind:
		return ["contract_kind"]
	return detailing.missing_fields(
		detailing.first_state(kind), {**request.as_dict(), "works": request.works}
	)


def run_robot(robot, doc, params: dict, run) -> list[str]:
	"""Effect of the robots' action Start Process; one that is under way already is none."""
	kind = params.get("process_name") or ""
	deal = doc.name if doc.doctype == "Auto Deal" else doc.get("deal")
	if kind in KINDS and frappe.db.exists(KINDS[kind], {"running_key": deal}):
		return []
	values = json.loads(params.get("field_values") or "{}")
	return [f"{KINDS.get(kind, kind)} {start(kind, deal, values)}"]
