"""The register of cars follows the deals: bought or taken on commission, sold, or not sold after all.

Called for every saved deal (hook `dealer_deal_changed`); costs no SQL unless the deal has just entered a stage that
means something for its car. The car's row is locked, so two deals of one car come one after the other.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import nowdate

from auto_dealer.vehicles.rules.register import (
	CLIENT,
	COMMISSION,
	OWN_STOCK,
	OWNERSHIPS,
	SELL,
	SOLD,
	TAKE_BACK,
	TAKE_IN,
	find_action,
)
from auto_dealer.vehicles.stock_records import QUEUED, queue_registration

CAR = "Auto Vehicle"


class CarAlreadySold(frappe.ValidationError):
	"""Another won deal has sold this car."""


def after_deal_change(deal: Document, before: Document | None = None) -> None:
	"""Within the deal's transaction: either both are changed or neither."""
	entered = deal.flags.stage_entered
	if not entered or not deal.vehicle:
		return
	pipeline, stage = entered
	was_won = bool(before and before.result == "Won")
	action = find_action(pipeline.deal_kind, stage.registers_vehicle, stage.kind, was_won)
	if action == TAKE_IN:
		take_in(deal, OWNERSHIPS[pipeline.deal_kind])
	elif action == SELL:
		sell(deal)
	elif action == TAKE_BACK:
		take_back(deal)


def take_in(deal: Document, ownership: str) -> None:
	"""The deal's car becomes own stock or commission, filled from the deal; a second time nothing happens."""
	car = frappe.get_doc(CAR, deal.vehicle, for_update=True)
	if car.acquired_in == deal.name:
		return
	_fill_car(car, deal)
	car.ownership = ownership
	car.acquired_in = deal.name
	car.acquired_on = nowdate()
	car.commission_price = deal.amount if ownership == COMMISSION else 0
	car.sold_in = car.sold_on = car.ownership_before_sale = None
	_take_owner(car, deal, ownership)
	has_number = car.vin or car.frame_number
	car.registration_status = QUEUED if has_number else ""
	car.registration_attempts = 0
	_save(car)
	# Apart from the save: the versions of a card are read by more people than what the car has cost.
	car.db_set("purchase_cost", deal.amount if ownership == OWN_STOCK else 0, update_modified=False)
	if has_number:
		queue_registration(car.name)


def sell(deal: Document) -> None:
	"""The car of a won sale is sold and belongs to the client; it keeps its whole history."""
	car = frappe.get_doc(CAR, deal.vehicle, for_update=True)
	if car.sold_in == deal.name:
		return
	if car.ownership == SOLD and car.sold_in:
		frappe.throw(
			_("The car {0} was sold in the deal {1} already.").format(
				frappe.bold(frappe.utils.escape_html(car.title)), car.sold_in
			),
			CarAlreadySold,
		)
	car.ownership_before_sale = car.ownership
	car.ownership = SOLD
	car.sold_in, car.sold_on = deal.name, nowdate()
	car.owner_contact, car.owner_customer = deal.contact, deal.customer
	_save(car)


def take_back(deal: Document) -> None:
	"""The sale was reopened: the car is what it was before."""
	car = frappe.get_doc(CAR, deal.vehicle, for_update=True)
	if car.sold_in != deal.name:
		return
	car.ownership = car.ownership_before_sale or CLIENT
	owner = _owner_before_last(car) if car.ownership != OWN_STOCK else None
	car.owner_contact = owner.contact if owner else None
	car.owner_customer = owner.customer if owner else None
	car.sold_in = car.sold_on = car.ownership_before_sale = None
	_save(car)


# -- steps -----------------------------------------------------------------------------------------


def _fill_car(car: Document, deal: Document) -> None:
	"""Make, model and year that the car's card lacks, from what the deal says about it."""
	row = next(iter(deal.get("vehicle_of_interest") or []), None)
	if not row or (row.get("vehicle") and row.vehicle != car.name):
		return
	if not car.make and not car.model:
		car.make, car.model = row.make, row.model
	car.year = car.year or row.year_from


def _take_owner(car: Document, deal: Document, ownership: str) -> None:
	"""Own stock has no owner but the dealer; the seller stays in the history. A commission car is its owner's."""
	known = {row.contact for row in car.owners}
	if ownership == COMMISSION:
		car.owner_contact, car.owner_customer = deal.contact, deal.customer
		return
	if deal.contact not in known:
		car.append("owners", {"contact": deal.contact, "customer": deal.customer, "to_date": nowdate()})
	car.owner_contact = car.owner_customer = None


def _owner_before_last(car: Document) -> frappe._dict | None:
	rows = [row for row in car.owners if row.to_date]
	return rows[-1] if rows else None


def _save(car: Document) -> None:
	# The move of the deal was allowed to the user; the register follows it whatever they may do with cars.
	car.save(ignore_permissions=True)
