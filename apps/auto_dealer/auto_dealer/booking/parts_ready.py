"""From which day the parts of a job are there: by ERPNext's stock, its Purchase Orders and what is booked already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import frappe
from frappe.utils import getdate

from auto_dealer.booking.booking_settings import get_settings
from auto_dealer.booking.rules.parts import PartsReady, parts_ready
from auto_dealer.booking.rules.status import AHEAD
from auto_dealer.workshop.rules.plan import PlannedPart

# Types of the warehouses in which work orders keep and spend their parts.
OF_WORK_ORDERS = ("Work Order Reserve", "Work Order Issue")


def ready_day(parts: Iterable[PlannedPart], booking: str | None = None) -> PartsReady:
	"""The first day with all parts. `booking`: its own wish for parts is not counted against it. Four SQL at most."""
	wanted: dict[str, Decimal] = {}
	for part in parts:
		wanted[part.item] = wanted.get(part.item, Decimal(0)) + part.qty
	items = _stock_items(list(wanted))
	if not items:
		return PartsReady(getdate())
	wanted = {item: wanted[item] for item in items}
	free, promised = _in_stock(items), _promised(items, booking)
	left = {item: free.get(item, Decimal(0)) - promised.get(item, Decimal(0)) for item in items}
	return parts_ready(wanted, left, _due(items), getdate(), get_settings().supply_days)


def _stock_items(items: list[str]) -> list[str]:
	if not items:
		return []
	return frappe.get_all("Item", {"name": ("in", items), "is_stock_item": 1}, pluck="name")


def _in_stock(items: list[str]) -> dict[str, Decimal]:
	"""Without what lies in the warehouses of running work orders: that is for their clients."""
	rows = frappe.db.sql(
		"""select b.item_code, sum(b.actual_qty - b.reserved_qty) from `tabBin` b
		inner join `tabWarehouse` w on w.name = b.warehouse
		where b.item_code in %s and ifnull(w.warehouse_type, '') not in %s group by b.item_code""",
		(items, OF_WORK_ORDERS),
	)
	return {item: _decimal(quantity) for item, quantity in rows}


def _due(items: list[str]) -> dict[str, list[tuple[date, Decimal]]]:
	rows = frappe.db.sql(
		"""select i.item_code, coalesce(i.schedule_date, p.schedule_date, p.transaction_date),
		(i.qty - i.received_qty) * i.conversion_factor
		from `tabPurchase Order Item` i inner join `tabPurchase Order` p on p.name = i.parent
		where i.item_code in %s and p.docstatus = 1 and p.status not in ('Closed', 'Completed', 'Delivered')
		and i.qty > i.received_qty""",
		(items,),
	)
	due: dict[str, list[tuple[date, Decimal]]] = {}
	for item, day, quantity in rows:
		due.setdefault(item, []).append((day, _decimal(quantity)))
	return due


def _promised(items: list[str], booking: str | None) -> dict[str, Decimal]:
	"""What bookings of clients who are still to come will use."""
	rows = frappe.db.sql(
		"""select part.item, sum(part.qty) from `tabService Booking` b
		inner join `tabService Booking Offering` o on o.parent = b.name
		inner join `tabService Offering Part` part on part.parent = o.offering and part.parenttype = 'Service Offering'
		where b.status in %s and b.start >= %s and b.name != %s and part.item in %s group by part.item""",
		(tuple(AHEAD), getdate(), booking or "", items),
	)
	return {item: _decimal(quantity) for item, quantity in rows}


def _decimal(value: float | None) -> Decimal:
	return Decimal(str(value or 0))
