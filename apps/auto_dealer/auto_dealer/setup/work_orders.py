"""What work orders need of ERPNext: items for works and sublets, the two warehouses. Made once, edits survive."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.orders.warehouses import RESERVE, WORK, warehouse_of
from auto_dealer.setup.payments import ensure_item
from auto_dealer.setup.seeded_once import seed_once

SETTINGS = "Work Order Settings"
ITEMS = {"labour_item": "Workshop Labour", "sublet_item": "Sublet Work", "part_item": "Part Without a Card"}


def add_work_orders() -> None:
	seed_once("work order settings", _set_settings)
	seed_once("inspection template", _add_template)
	seed_once("work order warehouses", _add_warehouses)


def _set_settings() -> None:
	settings = frappe.get_single(SETTINGS)
	for field, item in ITEMS.items():
		settings.set(field, settings.get(field) or ensure_item(item))
	labour = frappe.get_doc("Item", settings.labour_item)
	if frappe.db.get_value("UOM", labour.stock_uom, "must_be_whole_number"):
		labour.stock_uom = hour()
		labour.set("uoms", [])
		labour.save()
	settings.save()


def hour() -> str:
	"""The unit of works, in whichever language ERPNext was set up."""
	for name in ("Hour", _("Hour", frappe.db.get_default("lang"))):
		if frappe.db.get_value("UOM", name, "must_be_whole_number") == 0:
			return name
	return frappe.get_doc({"doctype": "UOM", "uom_name": "Norm Hour"}).insert().name


def points(language: str | None) -> list[str]:
	"""Of the first checklist, in the site's language; the dealer makes it theirs."""
	return [
		_("Engine oil and leaks", language),
		_("Brake pads and discs", language),
		_("Tyres and pressure", language),
		_("Suspension", language),
		_("Steering", language),
		_("Lights", language),
		_("Battery", language),
		_("Coolant and hoses", language),
		_("Windscreen and wipers", language),
		_("Exhaust", language),
	]


def _add_template() -> None:
	if frappe.db.exists("Inspection Template", {"is_default": 1}):
		return
	language = frappe.db.get_default("lang")
	frappe.get_doc(
		{
			"doctype": "Inspection Template",
			"template_name": _("General Inspection", language),
			"is_default": 1,
			"is_active": 1,
			"points": [{"point": point} for point in points(language)],
		}
	).insert()


def _add_warehouses() -> None:
	for company in frappe.get_all("Company", pluck="name"):
		for kind in (RESERVE, WORK):
			warehouse_of(company, kind)
