"""Selling prices of parts, from ERPNext's price list."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import frappe
from frappe.utils import getdate, today


def find_part_prices(items: Iterable[str]) -> dict[str, Decimal]:
	"""Price of a unit by the selling price list in force today; the item's standard rate where the list is silent."""
	names = sorted(set(items))
	if not names:
		return {}
	rates = dict(frappe.get_all("Item", {"name": ("in", names)}, ["name", "standard_rate"], as_list=True))
	prices = {name: Decimal(str(rate or 0)) for name, rate in rates.items()}
	price_list = frappe.db.get_single_value("Selling Settings", "selling_price_list")
	if price_list:
		filters = {"item_code": ("in", names), "price_list": price_list, "selling": 1}
		fields = ["item_code", "price_list_rate", "valid_from", "valid_upto", "customer"]
		day = getdate(today())
		for row in frappe.get_all("Item Price", filters, fields, order_by="valid_from"):
			in_force = (not row.valid_from or row.valid_from <= day) and (
				not row.valid_upto or row.valid_upto >= day
			)
			if in_force and not row.customer:
				prices[row.item_code] = Decimal(str(row.price_list_rate or 0))
	return prices
