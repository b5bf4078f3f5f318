"""The life of a work order: what its controller calls, in the order of Frappe's events."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from auto_dealer.permissions.deny_delete import deny, deny_rename
from auto_dealer.robots.fire import fire
from auto_dealer.sales.company_currency import company_currency

DOCTYPE = "Service Work Order"


def set_name(order: Document) -> None:
	"""`WO-000001`, from a database sequence that locks nobody."""
	order.name = f"WO-{frappe.db.get_next_sequence_val(DOCTYPE):06d}"


def fill_new(order: Document) -> None:
	"""Before the first save."""
	order.company = order.company or frappe.defaults.get_defaults().get("company")
	order.currency = company_currency()
	order.opened_at = now_datetime()
	order.service_advisor = order.service_advisor or frappe.session.user


def check(order: Document) -> None:
	order.title = " — ".join(filter(None, (order.client_name, order.vehicle_title))) or order.name


def show_change(order: Document) -> None:
	"""After every save the robots see it."""
	fire(order, order.get_doc_before_save())


def before_delete(order: Document) -> None:
	deny(order)


def before_rename(order: Document, old: str, new: str, merge: bool = False) -> None:
	deny_rename(order, "before_rename", old, new, merge)


def add_indexes() -> None:
	"""For the boards and the lists by stage."""
	frappe.db.add_index(DOCTYPE, ["stage", "stage_changed_at"], "dealer_stage")
