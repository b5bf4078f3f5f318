"""Parts of work orders: put aside, issued, returned, ordered; never below zero."""

from __future__ import annotations

import pytest
from factories import (
	make_agreed_order,
	make_stock_item,
	make_work_order,
	receive_stock,
	stock_of,
)

import frappe

from auto_dealer.orders.issue_parts import NotNow, PartsMissing, issue, take_back
from auto_dealer.orders.line_changes import LineInUse
from auto_dealer.orders.reserve_parts import reserve

PAD = "Test Brake Pad"
RESERVE, WORK = "Work Order Reserve", "Work Order Issue"


def part(**values) -> dict:
	return {"item": PAD, "qty": 2, "source": "Stock", **values}


@pytest.mark.requirement("R224")
def test_agreed_parts_are_put_aside_by_a_stock_entry():
	make_stock_item(qty=5)
	order = make_agreed_order(parts=[part()])
	row = order.parts[0]
	assert (row.stock_state, row.reserved_qty, row.rate, row.amount) == ("Reserved", 2, 1000, 2000)
	assert (stock_of(PAD), stock_of(PAD, RESERVE)) == (3, 2)
	entry = frappe.get_doc("Stock Entry", {"dealer_work_order": order.name})
	assert entry.docstatus == 1
	assert entry.purpose == "Material Transfer"


@pytest.mark.requirement("R224")
def test_issue_takes_the_reserved_parts_to_the_workshop():
	make_stock_item(qty=5)
	order = make_agreed_order(parts=[part()])
	issue(order.name)
	order.reload()
	assert (order.parts[0].stock_state, order.parts[0].issued_qty, order.parts[0].reserved_qty) == (
		"Issued",
		2,
		0,
	)
	assert (stock_of(PAD), stock_of(PAD, RESERVE), stock_of(PAD, WORK)) == (3, 0, 2)
	assert issue(order.name) == []


@pytest.mark.requirement("R226")
def test_what_is_missing_is_told_with_its_place_and_nothing_is_issued():
	make_stock_item(qty=3)
	first = make_agreed_order(parts=[part()])
	second = make_agreed_order(parts=[part()])
	assert second.stage == "Agreed"
	assert second.parts[0].stock_state == "Missing"
	assert first.name in second.parts[0].stock_note
	with pytest.raises(PartsMissing) as refused:
		issue(second.name)
	told = frappe.response["missing_parts"][0]
	assert (told["item"], told["qty"]) == (PAD, 2)
	assert ": 1" in told["places"]
	assert first.name in told["places"]
	assert PAD in str(refused.value)
	assert (stock_of(PAD), stock_of(PAD, WORK)) == (1, 0)


@pytest.mark.requirement("R225")
def test_parts_to_order_become_one_purchase_request():
	make_stock_item(qty=1)
	order = make_agreed_order(parts=[part(source="To Order")], promised_at="2099-01-02 10:00:00")
	row = order.parts[0]
	assert row.stock_state == "Ordered"
	request = frappe.get_doc("Material Request", row.material_request)
	assert (request.material_request_type, request.docstatus) == ("Purchase", 1)
	assert [(line.item_code, line.qty) for line in request.items] == [(PAD, 2)]
	assert str(request.schedule_date) == "2099-01-02"
	reserve(order.name)
	assert frappe.db.count("Material Request", {"dealer_work_order": order.name}) == 1
	receive_stock(PAD, 2)
	assert reserve(order.name) == []
	assert order.reload().parts[0].stock_state == "Reserved"


@pytest.mark.requirement("R224")
def test_returns_go_back_to_where_they_came_from():
	make_stock_item(qty=5)
	order = make_agreed_order(parts=[part(qty=3)])
	issue(order.name)
	row = order.parts[0].name
	take_back(order.name, row, 1)
	order.reload()
	assert (order.parts[0].issued_qty, stock_of(PAD), stock_of(PAD, WORK)) == (2, 3, 2)
	with pytest.raises(NotNow):
		take_back(order.name, row, 5)
	order.parts[0].qty = 2
	order.save()
	assert order.parts[0].approval == "Approved"
	take_back(order.name, row)
	assert (stock_of(PAD), stock_of(PAD, WORK)) == (5, 0)


def test_taken_parts_are_neither_removed_nor_swapped():
	make_stock_item(qty=5)
	order = make_agreed_order(parts=[part()], labour=[{"description": "Замена", "hours": 1, "rate": 100}])
	order.parts[0].qty = 1
	with pytest.raises(LineInUse):
		order.save()
	order.reload().set("parts", [])
	with pytest.raises(LineInUse):
		order.save()


@pytest.mark.requirement("R224")
def test_a_cancelled_order_gives_its_parts_back():
	make_stock_item(qty=5)
	order = make_agreed_order(parts=[part()])
	order.update({"stage": "Cancelled", "cancel_reason": "Клиент передумал"})
	order.save()
	assert (stock_of(PAD), stock_of(PAD, RESERVE)) == (5, 0)
	assert order.reload().parts[0].stock_state == "Returned"


def test_own_parts_of_the_client_cost_nothing_and_touch_no_stock():
	make_stock_item(qty=5)
	order = make_agreed_order(parts=[part(source="Client's Own", rate=500)])
	assert (order.total, order.parts[0].reserved_qty, stock_of(PAD)) == (0, 0, 5)


def test_parts_are_not_issued_before_the_client_agrees():
	make_stock_item(qty=5)
	order = make_work_order(parts=[part()])
	with pytest.raises(NotNow):
		issue(order.name)


@pytest.mark.requirement("R223")
def test_a_part_is_taken_from_the_rack_that_the_line_names_and_goes_back_there():
	make_stock_item(qty=5)
	stores = frappe.db.get_single_value("Stock Settings", "default_warehouse")
	company, parent = frappe.db.get_value("Warehouse", stores, ["company", "parent_warehouse"])
	rack = frappe.get_doc(
		{"doctype": "Warehouse", "warehouse_name": "Rack A-1", "company": company, "parent_warehouse": parent}
	).insert()
	frappe.flags.pop("warehouse_account_map", None)
	receive_stock(PAD, 3, rack.name)
	order = make_agreed_order(parts=[part(warehouse=rack.name)])
	row = order.parts[0]
	assert (row.taken_from, row.stock_state) == (rack.name, "Reserved")
	on_rack = {"item_code": PAD, "warehouse": rack.name}
	assert (frappe.db.get_value("Bin", on_rack, "actual_qty"), stock_of(PAD)) == (1, 5)
	second = make_agreed_order(parts=[part(warehouse=rack.name)])
	assert second.parts[0].stock_state == "Missing"
	assert f"{rack.name}: 1" in second.parts[0].stock_note
	take_back(order.name, row.name)
	assert frappe.db.get_value("Bin", on_rack, "actual_qty") == 3
	moves = frappe.get_all(
		"Stock Ledger Entry", {**on_rack, "is_cancelled": 0}, pluck="actual_qty", order_by="creation"
	)
	assert moves == [3, -2, 2]


@pytest.mark.requirement("R225")
def test_a_purchase_receipt_serves_the_orders_that_wait(queue):
	make_stock_item(qty=0)
	order = make_agreed_order(parts=[part(source="To Order")])
	assert order.parts[0].stock_state == "Ordered"
	supplier = frappe.get_doc(
		{
			"doctype": "Supplier",
			"supplier_name": "Test Supplier",
			"supplier_group": frappe.db.get_value("Supplier Group", {"is_group": 0}),
		}
	).insert()
	receipt = frappe.get_doc(
		{
			"doctype": "Purchase Receipt",
			"supplier": supplier.name,
			"company": order.company,
			"items": [
				{
					"item_code": PAD,
					"qty": 4,
					"rate": 500,
					"warehouse": frappe.db.get_single_value("Stock Settings", "default_warehouse"),
				}
			],
		}
	)
	receipt.submit()
	frappe.db.commit()
	queue.run_here()
	assert order.reload().parts[0].stock_state == "Reserved"
	assert (stock_of(PAD), stock_of(PAD, RESERVE)) == (2, 2)
