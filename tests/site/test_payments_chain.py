"""From the agreed sum to the act: order, invoices for payment, payments, invoice, on ERPNext's documents."""

from __future__ import annotations

import pytest
from factories import make_deal

import frappe
from frappe.utils import flt

from auto_dealer.payments.close import make_sales_invoice
from auto_dealer.payments.create_invoice import create_invoice
from auto_dealer.payments.record_payment import read_parts, record_payment

DEAL = "Auto Deal"


def repair(**values):
	values = {"pipeline": "Body Repair", "amount": 10_000, **values}
	return make_deal(**values)


def pay(deal: str, amount: float, mode: str | None = None, **values) -> list[str]:
	mode = mode or frappe.db.get_value("Mode of Payment", {"type": "Cash"})
	return record_payment(DEAL, deal, read_parts([{"mode": mode, "amount": amount, **values}]))


def sums(deal: str) -> tuple[float, float]:
	frappe.db.commit()
	return frappe.db.get_value(DEAL, deal, ["paid_amount", "outstanding_amount"])


def request(name: str):
	return frappe.get_doc("Payment Request", name)


@pytest.mark.requirement("R185", "R186", "R195")
def test_half_remainder_act():
	deal = repair().name
	assert sums(deal) == (0, 10_000)
	half = request(create_invoice(DEAL, deal, share=0.5, is_prepayment=True))
	assert (half.grand_total, half.dealer_is_prepayment, half.status) == (5_000, 1, "Requested")
	pay(deal, 5_000)
	assert sums(deal) == (5_000, 5_000)
	assert request(half.name).status == "Paid"
	rest = request(create_invoice(DEAL, deal))
	assert rest.grand_total == 5_000
	act = frappe.get_doc("Sales Invoice", make_sales_invoice(DEAL, deal))
	assert (act.grand_total, act.outstanding_amount, act.dealer_deal) == (10_000, 5_000, deal)
	assert flt(act.total_taxes_and_charges) > 0, "the tax lies within the agreed sum"
	assert sums(deal) == (5_000, 5_000)
	pay(deal, 5_000)
	assert sums(deal) == (10_000, 0)
	assert request(rest.name).status == "Paid"
	assert frappe.db.get_value("Sales Invoice", act.name, "status") == "Paid"
