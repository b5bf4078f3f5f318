"""The odometer at the reception: never less than before without a reason, and written into the car's log."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, nowdate

CAR = "Auto Vehicle"
LOG = "Vehicle Mileage"


class MileageFell(frappe.ValidationError):
	"""The odometer shows less than before; `frappe.response["mileage_before"]` says how much it was."""


def check_mileage(order: Document) -> None:
	"""Before the save."""
	if not order.mileage or not order.vehicle:
		return
	before = known_mileage(order)
	if cint(order.mileage) < before and not (order.mileage_reason or "").strip():
		frappe.response["mileage_before"] = before
		frappe.throw(
			_(
				"The mileage {0} km is less than the {1} km known before. Write the reason of the fall."
			).format(order.mileage, before),
			MileageFell,
			title=_("Mileage"),
		)


def known_mileage(order: Document) -> int:
	"""The newest reading of the car that does not come from this order."""
	rows = frappe.get_all(
		LOG,
		{"parent": order.vehicle, "parenttype": CAR, "source": ("!=", order.name or "")},
		["mileage", "source"],
		order_by="reading_date desc, idx desc",
		limit=1,
	)
	if rows:
		return cint(rows[0].mileage)
	own = frappe.db.exists(LOG, {"parent": order.vehicle, "parenttype": CAR, "source": order.name})
	return 0 if own else cint(frappe.db.get_value(CAR, order.vehicle, "mileage"))


def write_mileage(order: Document) -> None:
	"""After the save: one reading an order in the car's log, corrected when the order's is."""
	before = order.get_doc_before_save()
	fields = ("vehicle", "mileage", "mileage_reason")
	if not (order.vehicle and order.mileage):
		return
	if before and all(before.get(field) == order.get(field) for field in fields):
		return
	car = frappe.get_doc(CAR, order.vehicle, for_update=True)
	row = next((row for row in car.mileage_log if row.source == order.name), None)
	row = row or car.append("mileage_log", {"source": order.name, "reading_date": nowdate()})
	row.update({"mileage": order.mileage, "reason": order.mileage_reason})
	# Whoever receives the car writes its mileage down, with or without a right to its card.
	car.save(ignore_permissions=True)
