"""A deal as a bill: one line, the agreed sum."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.payments.rules.bill import Bill, BillLine
from auto_dealer.payments.settings import dealer_company, get_settings

# What the client of the deal pays for; in buyouts and commissions it is the dealer who pays.
ITEM_OF_KIND = {"Sale": "sale_item", "Repair": "repair_item", "Maintenance": "maintenance_item"}


class DealNotBilled(frappe.ValidationError):
	"""The deal has nothing that its client could pay for; the message says why."""


def get_bill(deal: Document) -> Bill:
	kind = frappe.get_cached_value("Deal Pipeline", deal.pipeline, "deal_kind")
	field = ITEM_OF_KIND.get(kind)
	if not field:
		frappe.throw(
			_("In deals of the pipeline {0} the dealer pays the client.").format(_(deal.pipeline)),
			DealNotBilled,
		)
	item, serial_no = _car_in_stock(deal, kind) or (get_settings().get(field), None)
	if not item:
		frappe.throw(
			_("Name the item in Dealer Payment Settings: {0}").format(
				_(frappe.get_meta("Dealer Payment Settings").get_label(field))
			),
			DealNotBilled,
		)
	line = BillLine(item, describe(deal, kind), 1, deal.amount or 0, serial_no=serial_no)
	return Bill(
		customer=deal.customer,
		contact=deal.contact,
		company=dealer_company(),
		currency=deal.currency,
		lines=[line],
		total=deal.amount or 0,
	)


def describe(deal: Document, kind: str) -> str:
	"""What the client reads in the invoice, in the site's language."""
	language = frappe.db.get_default("lang")
	subject = {
		"Sale": _("Vehicle {0}", language),
		"Repair": _("Repair of vehicle {0}", language),
		"Maintenance": _("Maintenance of vehicle {0}", language),
	}[kind]
	car = deal.vehicle_title
	if deal.vehicle and (vin := frappe.db.get_value("Auto Vehicle", deal.vehicle, "vin")):
		car = f"{car or ''} (VIN {vin})"
	return subject.format(car or "").strip()


def _car_in_stock(deal: Document, kind: str) -> tuple[str, str] | None:
	"""Item and serial number of a car of our own that lies in a warehouse of ERPNext; it leaves the stock when sold."""
	if kind != "Sale" or not deal.vehicle:
		return None
	car = frappe.db.get_value("Auto Vehicle", deal.vehicle, ["item", "serial_no"], as_dict=True)
	if not car or not car.serial_no:
		return None
	return (car.item, car.serial_no) if frappe.db.get_value("Serial No", car.serial_no, "warehouse") else None
