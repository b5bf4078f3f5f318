"""Sums of work orders, their invoices, and what may be changed after."""

from __future__ import annotations

import pytest
from factories import make_agreed_order, make_staff, make_stock_item, make_work_order, stock_of

import frappe
from frappe.utils import flt

from auto_dealer.orders.close_order import CannotInvoice, close_order, make_act, open_again
from auto_dealer.orders.issue_parts import issue
from auto_dealer.orders.line_changes import OrderIsInvoiced
from auto_dealer.orders.price_order import DiscountNeedsReason, LineNotPriced
from auto_dealer.orders.stage_check import StageNotReady
from auto_dealer.payments import api as payments_api
from auto_dealer.payments import totals
from auto_dealer.payments.create_invoice import create_invoice

PAD = "Test Brake Pad"
WORK = "Work Order Issue"
LABOUR = {"description": "Замена колодок", "hours": 1.35, "rate": 2470.5, "mechanic": "Administrator"}


def ready_order(**values):
	"""Works done, parts issued, the car ready to be handed over."""
	make_stock_item(qty=5)
	order = make_agreed_order(
		**{"labour": [LABOUR], "parts": [{"item": PAD, "qty": 3, "source": "Stock"}], **values}
	)
	issue(order.name)
	finish(order)
	return order


def finish(order):
	order.reload()
	for row in order.labour:
		frappe.db.set_value(row.doctype, row.name, "state", "Done")
	for stage in ("In Work", "Quality Check", "Ready"):
		if order.stage != stage:
			order.reload().stage = stage
			order.save()
	return order.reload()


def hand_over(order, **values):
	order.update({"stage": "Handed Over", "pay_later": 1, "pay_later_reason": "Юрлицо", **values})
	order.save()
	return order


def test_sums_are_computed_here_whatever_the_browser_sends():
	order = make_work_order(
		labour=[{**LABOUR, "amount": 1, "approval": "Approved"}], total=5, approved_total=5, paid_amount=5
	)
	assert (order.labour[0].amount, order.total, order.approved_total, order.paid_amount) == (
		3335.18,
		3335.18,
		0,
		0,
	)
	assert order.labour[0].approval == "Proposed"
	assert order.vat_amount == flt(3335.18 * 18 / 118, 2)


@pytest.mark.parametrize("line", [{"hours": -1}, {"rate": -1}, {"discount_percent": 101}])
def test_impossible_lines_are_refused(line: dict):
	with pytest.raises((LineNotPriced, frappe.ValidationError)):
		make_work_order(labour=[{**LABOUR, **line}], discount_reason="x")


def test_a_discount_has_a_reason():
	with pytest.raises(DiscountNeedsReason):
		make_work_order(labour=[LABOUR], discount_percent=10)
	order = make_work_order(labour=[LABOUR], discount_percent=10, discount_reason="День рождения")
	assert (order.discount_total, order.total) == (333.52, 3001.66)


@pytest.mark.requirement("R194", "R224")
def test_closing_makes_the_act_with_stock_and_the_same_sum():
	order = ready_order(discount_percent=7, discount_reason="Акция")
	assert stock_of(PAD, WORK) == 3
	hand_over(order)
	assert close_order(order.name) == "Closed"
	order.reload()
	invoice = frappe.get_doc("Sales Invoice", order.sales_invoice)
	assert (invoice.docstatus, invoice.update_stock) == (1, 1)
	assert flt(invoice.grand_total, 2) == order.approved_total
	assert flt(invoice.total_taxes_and_charges, 2) == order.vat_amount
	assert invoice.dealer_work_order == order.name
	assert stock_of(PAD, WORK) == 0
	assert close_order(order.name) == "Closed"
	assert frappe.db.count("Sales Invoice", {"dealer_work_order": order.name}) == 1


@pytest.mark.requirement("R185", "R186", "R187")
def test_what_is_paid_in_advance_is_allocated_and_left_is_nothing():
	order = ready_order()
	request = frappe.get_doc("Payment Request", create_invoice("Service Work Order", order.name))
	assert flt(request.grand_total, 2) == order.approved_total
	request.create_payment_entry(submit=True)
	totals.flush()
	order.reload()
	assert (order.paid_amount, order.outstanding_amount) == (order.approved_total, 0)
	order.stage = "Handed Over"
	order.save()
	close_order(order.name)
	totals.flush()
	order.reload()
	assert frappe.db.get_value("Sales Invoice", order.sales_invoice, "outstanding_amount") == 0
	assert (order.paid_amount, order.outstanding_amount) == (order.approved_total, 0)


def test_an_unpaid_car_is_handed_over_with_a_reason_only():
	order = ready_order()
	order.stage = "Handed Over"
	with pytest.raises(StageNotReady):
		order.save()
	assert [problem["code"] for problem in frappe.response["problems"]] == ["unpaid"]
	hand_over(order.reload())


def test_an_order_is_not_invoiced_before_it_is_ready():
	make_stock_item(qty=5)
	order = make_agreed_order(parts=[{"item": PAD, "qty": 1, "source": "Stock"}])
	with pytest.raises(CannotInvoice):
		make_act(order.name)


@pytest.mark.requirement("R194")
def test_an_invoiced_order_changes_by_a_credit_note_only():
	order = ready_order()
	make_act(order.name)
	order.reload()
	order.labour[0].hours = 1
	with pytest.raises(OrderIsInvoiced):
		order.save()
	order.reload().append("labour", {"description": "Ещё", "hours": 1, "rate": 1})
	with pytest.raises(OrderIsInvoiced):
		order.save()
	first = order.reload().sales_invoice
	note = frappe.get_doc("Sales Invoice", open_again(order.name, "Ошиблись в часах"))
	assert (note.is_return, note.return_against, note.docstatus) == (1, first, 1)
	order.reload()
	assert (order.stage, order.sales_invoice, order.invoices[0].credit_note) == ("In Work", None, note.name)
	assert stock_of(PAD, WORK) == 3
	order.labour[0].hours = 1
	order.save()
	finish(order)
	hand_over(order)
	close_order(order.name)
	order.reload()
	invoice = frappe.get_doc("Sales Invoice", order.sales_invoice)
	assert invoice.name != first
	assert flt(invoice.grand_total, 2) == order.approved_total == 2470.5 + 3000
	assert stock_of(PAD, WORK) == 0


def test_a_cancelled_invoice_sets_the_order_free():
	order = ready_order()
	make_act(order.name)
	frappe.get_doc("Sales Invoice", order.reload().sales_invoice).cancel()
	assert order.reload().sales_invoice is None
	assert make_act(order.name)


@pytest.mark.requirement("R224")
def test_a_warranty_order_costs_nothing_and_its_parts_leave_the_stock():
	make_stock_item(qty=2)
	order = make_agreed_order(
		labour=[{**LABOUR, "is_warranty": 1}],
		parts=[{"item": PAD, "qty": 2, "source": "Stock", "discount_percent": 100}],
		discount_reason="Гарантия",
	)
	issue(order.name)
	finish(order)
	assert order.approved_total == 0
	order.stage = "Handed Over"
	order.save()
	assert close_order(order.name) == "Closed"
	assert order.reload().sales_invoice is None
	assert (stock_of(PAD), stock_of(PAD, WORK)) == (0, 0)


@pytest.mark.requirement("R194")
def test_the_button_of_the_payments_tab_makes_the_act_of_a_ready_order_with_its_parts(as_user):
	order = ready_order()
	advisor = make_staff("act-advisor", "Dealer Service Advisor")
	with as_user(advisor):
		act = payments_api.make_act("Service Work Order", order.name)["act"]
	assert order.reload().sales_invoice == act
	assert stock_of(PAD, WORK) == 0
	early = make_agreed_order()
	with as_user(advisor), pytest.raises(CannotInvoice):
		payments_api.make_act("Service Work Order", early.name)


def test_an_invoice_made_by_hand_takes_the_parts_along():
	from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice

	order = ready_order()
	create_invoice("Service Work Order", order.name)
	sales_order = frappe.db.get_value("Sales Order", {"dealer_work_order": order.name, "docstatus": 1})
	invoice = make_sales_invoice(sales_order)
	invoice.dealer_work_order = order.name
	invoice.submit()
	assert stock_of(PAD, WORK) == 0
	assert order.reload().sales_invoice == invoice.name
