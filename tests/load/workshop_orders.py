"""Work orders that are ready for their act, by the app's own ways, and an ERPNext invoice of the same lines."""

from __future__ import annotations

LABOUR, PARTS = 4, 3
ITEM = "BENCH-PART"


def ready_orders(frappe, count: int) -> list[str]:
	"""Orders with four works and three parts that are no stock items, agreed and done."""
	_make_item(frappe)
	names = []
	for number in range(count):
		names.append(_ready_order(frappe, number))
		if number % 20 == 19:
			frappe.db.commit()
	frappe.db.commit()
	return names


def _ready_order(frappe, number: int) -> str:
	from auto_dealer.orders.answer_estimate import answer_estimate
	from auto_dealer.orders.estimate_snapshot import open_line_ids, snapshot_hash, take_snapshot

	contact = frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": f"Bench {number}",
			"phone_nos": [{"phone": f"+7906{frappe.db.count('Contact'):07d}", "is_primary_mobile_no": 1}],
		}
	).insert()
	car = frappe.get_doc(
		{
			"doctype": "Auto Vehicle",
			"model": "Toyota Camry",
			"frame_number": frappe.generate_hash(length=9).upper(),
		}
	).insert()
	works = [
		{"description": f"Work {n}", "hours": n + 1, "rate": 2000, "mechanic": "Administrator"}
		for n in range(LABOUR)
	]
	parts = [{"item": ITEM, "qty": n + 1, "rate": 500, "source": "Stock"} for n in range(PARTS)]
	order = frappe.get_doc(
		{
			"doctype": "Service Work Order",
			"contact": contact.name,
			"vehicle": car.name,
			"complaint": "x",
			"mileage": 50_000,
			"labour": works,
			"parts": parts,
		}
	).insert()
	order.stage = "Estimate"
	order.save()
	shown = take_snapshot(order)
	answers = dict.fromkeys(open_line_ids(shown), True)
	answer_estimate(order.name, answers, "Bench", snapshot_hash(shown))
	for row in order.labour:
		frappe.db.set_value(row.doctype, row.name, "state", "Done")
	for row in order.parts:
		frappe.db.set_value(row.doctype, row.name, "issued_qty", row.qty)
	for stage in ("In Work", "Quality Check", "Ready"):
		order.reload().stage = stage
		order.save()
	return order.name


def _make_item(frappe) -> None:
	if not frappe.db.exists("Item", ITEM):
		frappe.get_doc(
			{
				"doctype": "Item",
				"item_code": ITEM,
				"item_group": frappe.db.get_value("Item Group", {"is_group": 0}),
				"stock_uom": frappe.db.get_single_value("Stock Settings", "stock_uom"),
				"is_stock_item": 0,
				"standard_rate": 500,
			}
		).insert()


def plain_invoice(frappe, order: str) -> dict:
	"""The same lines, customer and taxes as the act of this order would have."""
	from auto_dealer.payments.billed import get_bill
	from auto_dealer.payments.sales_order import ensure_order

	doc = frappe.get_doc("Service Work Order", order)
	sales_order = frappe.get_doc("Sales Order", getattr(ensure_order(doc.doctype, order), "name", None))
	bill = get_bill(doc.reload())
	items = [
		{
			"item_code": line.item_code,
			"qty": float(line.qty),
			"rate": float(line.rate),
			"description": line.description,
		}
		for line in bill.lines
	]
	frappe.db.commit()
	return {
		"customer": sales_order.customer,
		"company": sales_order.company,
		"items": items,
		"taxes_and_charges": sales_order.taxes_and_charges,
		"taxes": [
			{
				key: row.get(key)
				for key in ("charge_type", "account_head", "description", "rate", "included_in_print_rate")
			}
			for row in sales_order.taxes
		],
		"disable_rounded_total": sales_order.disable_rounded_total,
	}
