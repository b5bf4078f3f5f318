"""What an agreed price becomes (R102): the price of a buyout, a buyout deal of its own, the trade-in of a sale.

Each is done once, however often it is clicked: the appraisal's row is locked and remembers what was made.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import nowdate

from auto_dealer.appraisal.car_fields import CAR, SHARED
from auto_dealer.appraisal.events import note
from auto_dealer.appraisal.rules.stages import AGREED

DOCTYPE = "Vehicle Appraisal"
BUYOUT, SALE = "Buyout", "Sale"


class NotAgreed(frappe.ValidationError):
	"""Only an agreed price becomes a deal."""


class CannotUse(frappe.ValidationError):
	"""The deal of the appraisal is not of the kind for this, or there is no pipeline; the message says which."""


def make_buyout(name: str) -> tuple[str, bool]:
	"""(the buyout's deal, whether anything was made now). A buyout's own deal takes car and price over."""
	appraisal = lock_agreed(name)
	if appraisal.buyout_deal:
		return appraisal.buyout_deal, False
	deal = frappe.get_doc("Auto Deal", appraisal.deal)
	set_vehicle(appraisal, deal)
	kind = kind_of(deal)
	if kind == BUYOUT:
		deal.vehicle, deal.amount = appraisal.vehicle, appraisal.agreed_price
		deal.save()
	else:
		deal = open_buyout(appraisal, deal)
	appraisal.buyout_deal = deal.name
	remember(appraisal, _("Buyout deal {0}").format(deal.name))
	return deal.name, True


def add_trade_in(name: str) -> tuple[str, bool]:
	"""(the sale's deal, whether the line was added now): car and price stand in the deal as its trade-in."""
	appraisal = lock_agreed(name)
	if appraisal.is_trade_in:
		return appraisal.deal, False
	deal = frappe.get_doc("Auto Deal", appraisal.deal)
	if kind_of(deal) != SALE:
		frappe.throw(_("A trade-in belongs to the deal of a sale."), CannotUse)
	set_vehicle(appraisal, deal)
	deal.trade_in_vehicle = appraisal.vehicle
	deal.trade_in_amount = appraisal.agreed_price
	deal.trade_in_appraisal = appraisal.name
	deal.save()
	appraisal.is_trade_in = 1
	remember(appraisal, _("Counted as trade-in in the deal {0}").format(deal.name))
	return deal.name, True


def lock_agreed(name: str) -> Document:
	"""The deal first, as every save of a deal does, then the appraisal: two clicks come one after the other."""
	deal = frappe.db.get_value(DOCTYPE, name, "deal")
	frappe.db.get_value("Auto Deal", deal, "name", for_update=True)
	appraisal = frappe.get_doc(DOCTYPE, name, for_update=True)
	if appraisal.stage != AGREED:
		frappe.throw(_("The price is not agreed yet."), NotAgreed)
	return appraisal


def kind_of(deal: Document) -> str:
	return frappe.db.get_value("Deal Pipeline", deal.pipeline, "deal_kind")


def open_buyout(appraisal: Document, deal: Document) -> Document:
	"""A deal with the same client in the buyout pipeline."""
	pipeline = frappe.db.get_value(
		"Deal Pipeline", {"deal_kind": BUYOUT, "is_enabled": 1}, "name", order_by="sort_order"
	)
	if not pipeline:
		frappe.throw(_("There is no pipeline for buyouts."), CannotUse)
	buyout = frappe.get_doc(
		{
			"doctype": "Auto Deal",
			"pipeline": pipeline,
			"contact": deal.contact,
			"customer": deal.customer,
			"responsible": deal.responsible,
			"department": deal.department,
			"vehicle": appraisal.vehicle,
			"amount": appraisal.agreed_price,
			"currency": appraisal.currency,
			"external_key": f"appraisal:{appraisal.name}",
		}
	)
	return buyout.insert()


def set_vehicle(appraisal: Document, deal: Document) -> None:
	"""The card of the appraised car: found by VIN, else made from the appraisal; its mileage is written down."""
	if not appraisal.vehicle and appraisal.vin:
		appraisal.vehicle = frappe.db.get_value(CAR, {"vin": appraisal.vin})
	if appraisal.vehicle:
		add_reading(appraisal)
		return
	car = frappe.new_doc(CAR)
	car.update({field: appraisal.get(field) for field in SHARED if appraisal.get(field)})
	car.update({"ownership": "Client", "owner_contact": deal.contact, "owner_customer": deal.customer})
	reading = {"reading_date": nowdate(), "mileage": appraisal.mileage, "source": appraisal.name}
	car.append("mileage_log", reading)
	# The appraiser answers for the car's data; the card belongs to no role alone.
	appraisal.vehicle = car.insert(ignore_permissions=True).name


def add_reading(appraisal: Document) -> None:
	"""The mileage that the appraiser has read, unless the card knows it or a higher one."""
	car = frappe.get_doc(CAR, appraisal.vehicle, for_update=True)
	if not appraisal.mileage or (car.mileage or 0) >= appraisal.mileage:
		return
	reading = {"reading_date": nowdate(), "mileage": appraisal.mileage, "source": appraisal.name}
	car.append("mileage_log", reading)
	# As above.
	car.save(ignore_permissions=True)


def remember(appraisal: Document, text: str) -> None:
	appraisal.flags.by_use_case = True
	note(appraisal, text)
	# The manager who makes the deal does not write appraisals; what was made is noted for them.
	appraisal.save(ignore_permissions=True)
