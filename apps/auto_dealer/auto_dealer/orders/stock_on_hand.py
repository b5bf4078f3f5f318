"""What lies where, read under locks, and told in words when it is not enough."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _

from auto_dealer.orders.rules.parts import OnHand
from auto_dealer.orders.rules.totals import decimal
from auto_dealer.orders.warehouses import RESERVE, find, free_warehouses


def lock_bins(items: Iterable[str]) -> None:
	"""Whoever takes one of these items waits until this transaction ends; in one order for everybody."""
	names = sorted(set(items))
	if names:
		frappe.db.sql(
			"select name from tabBin where item_code in %(items)s order by item_code, warehouse for update",
			{"items": names},
		)


def on_hand(item: str, company: str) -> list[OnHand]:
	"""Free pieces by warehouse, read with locks: others' commits since this transaction began are seen."""
	rows = frappe.db.sql(
		"select warehouse, actual_qty from tabBin where item_code = %s and actual_qty > 0 for update", (item,)
	)
	free = free_warehouses(company)
	return [OnHand(warehouse, decimal(qty)) for warehouse, qty in rows if warehouse in free]


def describe_places(item: str, company: str, except_order: str | None = None) -> str:
	"""`Stores: 1; reserved for WO-000007: 2`, or that there is none."""
	places = [f"{place.warehouse}: {place.qty.normalize():f}" for place in on_hand(item, company)]
	if find(company, RESERVE):
		places += _reserved(item, except_order)
	return "; ".join(places) or _("there is none in stock")


def _reserved(item: str, except_order: str | None) -> list[str]:
	rows = frappe.db.sql(
		"""select parent, sum(reserved_qty) from `tabWork Order Part`
		where item = %s and reserved_qty > 0 and parent != %s group by parent order by parent limit 5""",
		(item, except_order or ""),
	)
	return [_("reserved for {0}: {1}").format(order, f"{decimal(qty).normalize():f}") for order, qty in rows]
