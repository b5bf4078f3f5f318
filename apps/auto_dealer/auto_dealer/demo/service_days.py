"""The demo's workshop at work: bookings of the next days and the work orders of the first of them."""

from __future__ import annotations

import random
from datetime import datetime

import frappe
from frappe.utils import add_days, getdate, today

from auto_dealer.booking.book import book
from auto_dealer.booking.slots import find_slots
from auto_dealer.orders.answer_estimate import STAFF, answer_estimate
from auto_dealer.orders.estimate_snapshot import open_line_ids, snapshot_hash, take_snapshot
from auto_dealer.orders.open_order import from_booking

DAYS = 4
A_DAY = 9
# A closed day or two at most lies between today and the first day with free time.
LOOK_AHEAD = 7
COMPLAINTS = (
	*("Плановое обслуживание, проверить тормоза", "Стук спереди справа на неровностях", "Горит Check Engine"),
	*("Свист при холодном запуске", "Увод руля вправо", "Замена по пробегу, запчасти наши", ""),
)
INSPECTION, ESTIMATE, AGREED, IN_WORK = "Inspection", "Estimate", "Agreed", "In Work"
# How far the orders of the first bookings have come.
STAGES = ("New", INSPECTION, INSPECTION, ESTIMATE, ESTIMATE, AGREED, IN_WORK, IN_WORK)
BOOKING, ORDER = "Service Booking", "Service Work Order"


def make_service_days(made: dict[str, list[str]]) -> None:
	"""Through the door that staff use: what has no free time is not booked."""
	choose = random.Random(7)
	cars = _cars_of_clients(made)
	offerings = _offerings(made)
	choose.shuffle(cars)
	if not cars or not offerings:
		return
	full_days = 0
	for offset in range(LOOK_AHEAD):
		day = getdate(add_days(today(), offset))
		booked = [_book(cars.pop(), choose, offerings, day) for _count in range(min(A_DAY, len(cars)))]
		booked = [name for name in booked if name]
		made.setdefault(BOOKING, []).extend(booked)
		full_days += bool(booked)
		if full_days == DAYS or not cars:
			break
	_make_orders(made.get(BOOKING, []), made)


def _cars_of_clients(made: dict[str, list[str]]) -> list[frappe._dict]:
	return frappe.get_all(
		"Auto Vehicle",
		{
			"name": ("in", made.get("Auto Vehicle", [])),
			"owner_contact": ("is", "set"),
			"ownership": "Client",
		},
		["name", "owner_contact", "mileage"],
		order_by="vin",
	)


def _offerings(made: dict[str, list[str]]) -> list[str]:
	return frappe.get_all(
		"Service Offering",
		{
			"name": ("in", made.get("Service Offering", [])),
			"is_bookable_online": 1,
			"group": ("!=", "Test Drive"),
		},
		pluck="name",
		order_by="sort_order",
	)


def _book(car: frappe._dict, choose: random.Random, offerings: list[str], day: datetime) -> str | None:
	offering = choose.choice(offerings)
	slots = find_slots([offering], car.name, day, 1)
	if not slots:
		return None
	values = {
		"contact": car.owner_contact,
		"vehicle": car.name,
		"offerings": [offering],
		"start": choose.choice(slots).start,
		"comment": choose.choice(COMPLAINTS),
		"source": choose.choice(("Staff", "Phone")),
		"status": choose.choice(("Requested", "Confirmed", "Confirmed")),
	}
	return book(values)


def _make_orders(bookings: list[str], made: dict[str, list[str]]) -> None:
	for booking, stage in zip(bookings, STAGES, strict=False):
		name = from_booking(booking)
		made.setdefault(ORDER, []).append(name)
		if stage != "New":
			_bring(name, stage)


def _bring(name: str, stage: str) -> None:
	order = frappe.get_doc(ORDER, name)
	order.mileage = order.mileage or frappe.db.get_value("Auto Vehicle", order.vehicle, "mileage") or 40_000
	order.stage = INSPECTION
	order.save()
	if stage == INSPECTION:
		return
	if not order.labour:
		order.append("labour", {"description": "Диагностика по жалобе клиента", "hours": 0.5, "rate": 2400})
	order.stage = ESTIMATE
	order.save()
	if stage == ESTIMATE:
		return
	shown = take_snapshot(order)
	answers = dict.fromkeys(open_line_ids(shown), True)
	answer_estimate(name, answers, order.client_name or "Клиент", snapshot_hash(shown), way=STAFF)
	order.reload()
	if stage == IN_WORK and all(row.mechanic for row in order.labour):
		order.stage = IN_WORK
		order.save()
