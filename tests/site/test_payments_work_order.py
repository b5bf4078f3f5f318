"""A work order's money: on its own, and when its deal was billed before it was opened."""

from __future__ import annotations

import pytest
from factories import make_agreed_order, make_deal
from sql_counter import count_sql

import frappe

from auto_dealer.payments.billed import BillNotTaken
from auto_dealer.payments.close import make_sales_invoice
from auto_dealer.payments.create_invoice import create_invoice
from auto_dealer.payments.record_payment import read_parts, record_payment

DEAL, ORDER = "Auto Deal", "Service Work Order"


def pay(doctype: str, name: str, amount: float) -> None:
	mode = frappe.db.get_value("Mode of Payment", {"type": "Cash"})
	record_payment(doctype, name, read_parts([{"mode": mode, "amount": amount}]))


def sums(doctype: str, name: str) -> tuple[float, float]:
	frappe.db.commit()
	return frappe.db.get_value(doctype, name, ["paid_amount", "outstanding_amount"])


@pytest.mark.requirement("R185", "R186")
def test_a_work_order_is_paid_in_parts():
	order = make_agreed_order()
	request = frappe.get_doc(
		"Payment Request", create_invoice(ORDER, order.name, share=0.5, is_prepayment=True)
	)
	assert (request.grand_total, request.dealer_work_order) == (1_500, order.name)
	pay(ORDER, order.name, 1_500)
	assert sums(ORDER, order.name) == (1_500, 1_500)
	act = frappe.get_doc("Sales Invoice", make_sales_invoice(ORDER, order.name))
	assert (act.dealer_work_order, act.outstanding_amount) == (order.name, 1_500)
	assert sums(ORDER, order.name) == (1_500, 1_500)


def test_a_saved_work_order_keeps_the_sums_of_the_ledger():
	order = make_agreed_order()
	pay(ORDER, order.name, 1_000)
	frappe.db.commit()
	form = frappe.get_doc(ORDER, order.name)
	form.complaint = "Стук сзади"
	form.save()
	assert sums(ORDER, order.name) == (1_000, 2_000)


def test_what_the_deal_was_prepaid_counts_for_its_work_order():
	deal = make_deal(pipeline="Body Repair", amount=2_500)
	half = create_invoice(DEAL, deal.name, share=0.5, is_prepayment=True)
	pay(DEAL, deal.name, 1_250)
	order = make_agreed_order(deal=deal.name, contact=deal.contact)
	rest = frappe.get_doc("Payment Request", create_invoice(ORDER, order.name))
	assert rest.grand_total == 1_750, "3 000 by the work order, 1 250 were paid by the deal's invoice"
	assert frappe.db.get_value("Payment Request", half, "dealer_work_order") == order.name
	assert frappe.db.count("Sales Order", {"dealer_deal": deal.name, "docstatus": 1}) == 1
	assert sums(ORDER, order.name) == sums(DEAL, deal.name) == (1_250, 1_750)
	pay(DEAL, deal.name, 1_750)
	assert sums(ORDER, order.name) == sums(DEAL, deal.name) == (3_000, 0)
	with pytest.raises(BillNotTaken, match="work order"):
		make_sales_invoice(DEAL, deal.name)
	act = frappe.get_doc("Sales Invoice", make_sales_invoice(ORDER, order.name))
	assert (act.grand_total, act.outstanding_amount) == (3_000, 0)


def test_a_deal_goes_by_the_order_of_its_work_order():
	deal = make_deal(pipeline="Body Repair", amount=9_000)
	order = make_agreed_order(deal=deal.name, contact=deal.contact)
	create_invoice(ORDER, order.name)
	assert sums(DEAL, deal.name) == (0, 3_000), "the estimate of the deal is no longer what counts"
	pay(DEAL, deal.name, 3_000)
	assert sums(ORDER, order.name) == (3_000, 0)


def test_an_act_costs_about_as_much_as_a_plain_invoice():
	"""By SQL, beside ERPNext's own Sales Invoice of the same lines that is for no deal and no order."""
	counts = {}
	for _warm in range(2):
		for kind in ("plain", "act"):
			order = make_agreed_order()
			create_invoice(ORDER, order.name)
			frappe.db.commit()
			with count_sql() as counter:
				if kind == "act":
					make_sales_invoice(ORDER, order.name, update_stock=True)
				else:
					submit_plain_invoice(frappe.db.get_value(ORDER, order.name, "sales_order"))
				frappe.db.commit()
			counts[kind] = len(counter.all)
	assert counts["act"] <= counts["plain"] + 25, counts


def submit_plain_invoice(sales_order: str) -> None:
	from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice as from_order

	invoice = from_order(sales_order)
	invoice.update({"update_stock": 1, "dealer_work_order": None, "dealer_deal": None})
	for row in invoice.items:
		row.sales_order = row.so_detail = None
	invoice.insert()
	invoice.submit()
