"""What diagnostics and detailing requests have in common: number, author, car and client of their deal."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.notices.send import cancel_of
from auto_dealer.pipelines import workflow_actions
from auto_dealer.processes.people import is_substitute
from auto_dealer.processes.steps import check_step
from auto_dealer.sales.company_currency import company_currency

PREFIXES = {"Diagnostics Request": "DG", "Detailing Request": "DT"}


class AlreadyRunning(frappe.ValidationError):
	"""The deal has such a process under way; `frappe.response["running"]` is its name."""


class NotYourStep(frappe.PermissionError):
	"""Somebody else does this step."""


class StepNotReady(frappe.ValidationError):
	"""Something that the state needs is not filled; `frappe.response["missing"]` lists the fields."""


def set_name(request: Document) -> None:
	"""`DG-000001`, from a database sequence that locks nobody."""
	number = frappe.db.get_next_sequence_val(request.doctype)
	request.name = f"{PREFIXES[request.doctype]}-{number:06d}"


def fill_new(request: Document) -> None:
	"""Before the first save: one process of a kind at a time for a deal, and what the deal knows."""
	deal = frappe.db.get_value("Auto Deal", request.deal, "*", as_dict=True, for_update=True)
	if not deal:
		frappe.throw(_("Choose the deal."), frappe.MandatoryError)
	request.running_key = deal.name
	refuse_second(request)
	if not request.flags.by_use_case:
		frappe.has_permission("Auto Deal", "write", doc=deal.name, throw=True)
	request.author = request.author if request.flags.by_use_case and request.author else frappe.session.user
	request.currency = deal.currency or company_currency()
	fill_car(request, deal)


def refuse_second(request: Document) -> None:
	"""`running_key` is unique, so that of two at a time one fails; this says it in words."""
	running = frappe.db.get_value(request.doctype, {"running_key": request.running_key})
	if running:
		frappe.response["running"] = running
		frappe.throw(
			_("{0} is under way for this deal already: {1}").format(_(request.doctype), running),
			AlreadyRunning,
		)


def fill_car(request: Document, deal: frappe._dict) -> None:
	request.vehicle = request.vehicle or deal.vehicle
	car = None
	if request.vehicle:
		car = frappe.db.get_value(
			"Auto Vehicle", request.vehicle, ["vin", "year", "mileage", "title"], as_dict=True
		)
	if car:
		request.vin = request.vin or car.vin
		request.mileage = request.mileage or car.mileage
		request.vehicle_title = request.vehicle_title or car.title
		if request.meta.has_field("vehicle_year"):
			request.vehicle_year = request.vehicle_year or car.year
	request.vehicle_title = request.vehicle_title or deal.vehicle_title or wished_car(deal.name)


def wished_car(deal: str) -> str | None:
	row = frappe.db.get_value("Deal Vehicle Interest", {"parent": deal}, ["make", "model"], order_by="idx")
	return " ".join(filter(None, row)) if row else None


def keep(request: Document, before: Document, fields: tuple[str, ...]) -> None:
	"""What only use cases write is put back when it comes from a browser."""
	if not request.flags.by_use_case:
		request.update({field: before.get(field) for field in fields})


def refuse_missing(request: Document, missing: list[str]) -> None:
	if not missing:
		return
	labels = [_(request.meta.get_label(field), context=request.doctype) for field in missing]
	frappe.response["missing"] = missing
	frappe.throw(
		_("The state {0} needs: {1}.").format(
			frappe.bold(_(request.state, context=request.doctype)), ", ".join(labels)
		),
		StepNotReady,
		title=_("Fill In"),
	)


def check_person(user: str | None, what: str) -> None:
	"""Only this person, or an administrator in their place."""
	if frappe.session.user != user and not is_substitute():
		raise NotYourStep(_("Only {0} may do this: {1}").format(user or "-", what))


def moved(request: Document) -> bool:
	before = request.get_doc_before_save()
	return not before or before.state != request.state


def check_workflow(request: Document) -> bool:
	"""True when the use case's own check stands in for Frappe's."""
	if not request.flags.by_use_case:
		return False
	check_step(request)
	return True


def without_workflow_actions(doctype: str):
	return workflow_actions.skipped(doctype)


def end_notices(request: Document) -> None:
	cancel_of((request.doctype, request.name))
