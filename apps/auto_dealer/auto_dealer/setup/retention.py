"""The intervals and texts with which a dealer starts to invite clients to their maintenance."""

from __future__ import annotations

import frappe

from auto_dealer.setup.seeded_once import seed_once

CAR_IS_SOLD = "Car is sold"
SETTINGS = {
	"is_enabled": 1,
	"months": 12,
	"kilometres": 15_000,
	"daily_km": 40,
	"days_before": 14,
	"most_overdue_days": 365,
	"invite_client": 1,
	"booked_stage": "Booked",
	"invitation": (
		"{client}, здравствуйте! Вашему автомобилю {car} пора на плановое обслуживание, срок: {date}. "
		"Выберите удобное время: {link}"
	),
	"congratulation": "{client}, поздравляем с днём рождения! Желаем лёгких дорог и всего самого доброго.",
}


def add_retention() -> None:
	seed_once("retention settings", _set_settings)
	seed_once("lost reason car is sold", _add_lost_reason)


def _add_lost_reason() -> None:
	if not frappe.db.exists("Lost Reason", CAR_IS_SOLD):
		frappe.get_doc(
			{"doctype": "Lost Reason", "reason_name": CAR_IS_SOLD, "applies_to": "Deals", "is_enabled": 1}
		).insert()


def _set_settings() -> None:
	settings = frappe.get_single("Retention Settings")
	for field, value in SETTINGS.items():
		if not settings.get(field):
			settings.set(field, value)
	if not settings.pipeline:
		settings.pipeline = frappe.db.get_value(
			"Deal Pipeline", {"deal_kind": "Maintenance", "is_enabled": 1}, order_by="sort_order"
		)
	settings.save()
