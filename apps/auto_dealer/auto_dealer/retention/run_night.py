"""The nightly round: plans, then the cars that are due, each in its own transaction."""

from __future__ import annotations

import frappe

from auto_dealer.retention.invite_owner import invite_owner
from auto_dealer.retention.plan_cars import PLAN, plan_all
from auto_dealer.retention.sold_cars import close_for_sold_cars
from auto_dealer.sales.retry import retry_on_deadlock


def run_night() -> list[str]:
	"""The deals that were made. A car whose deal cannot be made says why in its plan and holds up no other."""
	if not frappe.get_cached_doc("Retention Settings").is_enabled:
		return []
	close_for_sold_cars()
	made = []
	for vehicle in plan_all():
		if deal := invite_one(vehicle):
			made.append(deal)
	return made


def invite_one(vehicle: str) -> str | None:
	try:
		deal = retry_on_deadlock(lambda: invite_owner(vehicle))
	except Exception as error:
		frappe.db.rollback()
		frappe.clear_messages()
		frappe.log_error(
			title="A maintenance deal could not be made", reference_doctype=PLAN, reference_name=vehicle
		)
		frappe.db.set_value(PLAN, vehicle, "error", f"{type(error).__name__}: {error}"[:300])
		deal = None
	frappe.db.commit()  # noqa: TID251 - one bad car must not take the others back
	return deal
