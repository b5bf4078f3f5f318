"""The life of a work order: what its controller calls, in the order of Frappe's events."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from auto_dealer.orders.client_and_car import fill_car, fill_client, set_title
from auto_dealer.orders.inspection import fill_inspection
from auto_dealer.orders.kept_fields import put_back
from auto_dealer.orders.line_changes import apply_changes, refuse_after_invoice
from auto_dealer.orders.mileage import check_mileage, write_mileage
from auto_dealer.orders.price_order import (
	calculate,
	check_discount,
	check_lines,
	default_taxes,
	fill_lines,
)
from auto_dealer.orders.stage_check import check_stage
from auto_dealer.orders.stage_effects import after_move
from auto_dealer.payments import totals
from auto_dealer.permissions.deny_delete import deny, deny_rename
from auto_dealer.robots.fire import fire
from auto_dealer.sales.company_currency import company_currency

DOCTYPE = "Service Work Order"


def set_name(order: Document) -> None:
	"""`WO-000001`, from a database sequence that locks nobody."""
	order.name = f"WO-{frappe.db.get_next_sequence_val(DOCTYPE):06d}"


def fill_new(order: Document) -> None:
	"""Before the first save: the company, its currency and VAT, who receives the car."""
	order.company = order.company or default_company()
	order.currency = company_currency()
	order.taxes_and_charges = order.taxes_and_charges or default_taxes(order.company)
	order.opened_at = now_datetime()
	order.service_advisor = order.service_advisor or frappe.session.user
	order.source = "Booking" if order.booking else "Deal" if order.deal else "Walk-In"


def default_company() -> str | None:
	return frappe.get_cached_doc("Dealer Settings").company or frappe.db.get_default("company")


def check(order: Document) -> None:
	"""Every save: sums are computed here, never taken from the browser; then the rules of the stage."""
	put_back(order)
	fill_client(order)
	fill_car(order)
	set_title(order)
	fill_inspection(order)
	fill_lines(order)
	check_lines(order)
	apply_changes(order)
	calculate(order)
	check_discount(order)
	refuse_after_invoice(order)
	check_mileage(order)
	check_stage(order)


def show_change(order: Document) -> None:
	"""After every save: the car's mileage, what follows from a move, what is left to pay, the robots."""
	write_mileage(order)
	after_move(order)
	totals.mark(DOCTYPE, order.name)
	fire(order, order.get_doc_before_save())


def before_delete(order: Document) -> None:
	deny(order)


def before_rename(order: Document, old: str, new: str, merge: bool = False) -> None:
	deny_rename(order, "before_rename", old, new, merge)


def add_indexes() -> None:
	"""For the boards, for a car's and a client's history."""
	frappe.db.add_index(DOCTYPE, ["stage", "stage_changed_at"], "dealer_stage")
	frappe.db.add_index("Work Order Labour", ["mechanic", "state"], "dealer_jobs")
	frappe.db.add_index("Work Order Offering", ["offering"], "dealer_offering")
