"""What payments need of ERPNext: the items that deals are billed with. Made once, an admin's edits survive."""

from __future__ import annotations

import frappe

from auto_dealer.setup.seeded_once import seed_once

ITEM_GROUP = "Dealer Services"
# Field of Dealer Payment Settings → the item that stands in it at first; none of them is kept in stock.
ITEMS = {"sale_item": "Vehicle Sale", "repair_item": "Repair Work", "maintenance_item": "Maintenance Work"}
NUMBERS = {"invoice_days": 5, "prepayment_share": 50, "link_days": 30}


def add_payments() -> None:
	seed_once("payment settings", _set_settings)


def _set_settings() -> None:
	settings = frappe.get_single("Dealer Payment Settings")
	for field, item in ITEMS.items():
		settings.set(field, settings.get(field) or ensure_item(item))
	for field, value in NUMBERS.items():
		settings.set(field, settings.get(field) or value)
	settings.save()


def ensure_item(code: str) -> str:
	if name := frappe.db.get_value("Item", {"item_name": code, "is_stock_item": 0}):
		return name
	item = frappe.get_doc(
		{
			"doctype": "Item",
			"item_code": code,
			"item_name": code,
			"item_group": ensure_item_group(),
			"stock_uom": frappe.db.get_single_value("Stock Settings", "stock_uom") or "Nos",
			"is_stock_item": 0,
			"is_purchase_item": 0,
		}
	)
	return item.insert().name


def ensure_item_group() -> str:
	if frappe.db.exists("Item Group", ITEM_GROUP):
		return ITEM_GROUP
	root = frappe.db.get_value("Item Group", {"is_group": 1, "parent_item_group": ("is", "not set")})
	group = {"doctype": "Item Group", "item_group_name": ITEM_GROUP, "parent_item_group": root, "is_group": 0}
	return frappe.get_doc(group).insert().name
