"""Two warehouses a company through which parts go: reserved for agreed orders, and issued to the workshop.

They are found by their Warehouse Type, so that they may be renamed. A part lies in exactly one place: what is reserved
for an order is in nobody else's warehouse, and ERPNext itself refuses to take it twice.
"""

from __future__ import annotations

import frappe
from frappe import _

RESERVE, WORK = "Work Order Reserve", "Work Order Issue"
TRANSIT = "Transit"


def warehouse_of(company: str, kind: str) -> str:
	"""Made when it is missing."""
	return find(company, kind) or create(company, kind)


def find(company: str, kind: str) -> str | None:
	return frappe.db.get_value(
		"Warehouse", {"company": company, "warehouse_type": kind, "is_group": 0, "disabled": 0}
	)


def create(company: str, kind: str) -> str:
	if not frappe.db.exists("Warehouse Type", kind):
		# Whoever agrees an order has no right to ERPNext's set-up.
		frappe.get_doc({"doctype": "Warehouse Type", "name": kind}).insert(ignore_permissions=True)
	language = frappe.db.get_default("lang")
	names = {
		RESERVE: _("Reserved for Work Orders", language),
		WORK: _("Issued to the Workshop", language),
	}
	root = frappe.db.get_value("Warehouse", {"company": company, "is_group": 1}, order_by="lft")
	warehouse = frappe.get_doc(
		{
			"doctype": "Warehouse",
			"warehouse_name": names[kind],
			"warehouse_type": kind,
			"company": company,
			"parent_warehouse": root,
		}
	)
	# As above.
	warehouse.insert(ignore_permissions=True)
	# ERPNext keeps the accounts of warehouses for the length of a request.
	frappe.flags.pop("warehouse_account_map", None)
	return warehouse.name


def free_warehouses(company: str) -> set[str]:
	"""Those from which parts are taken: neither ours nor what is on its way."""
	places = frappe.get_all(
		"Warehouse", {"company": company, "is_group": 0, "disabled": 0}, ["name", "warehouse_type"]
	)
	return {place.name for place in places if place.warehouse_type not in (RESERVE, WORK, TRANSIT)}
