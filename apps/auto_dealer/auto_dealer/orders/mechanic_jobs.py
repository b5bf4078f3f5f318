"""What a mechanic sees: the own jobs, what is to be done on which car with which parts. No prices, no client's phone.

job = {order, row, title, hours, comment, state, minutes, running_since, order_stage, car, plate, vin, mileage,
       complaint, promised_at, parts [{title, qty, unit, state}], findings [{point, severity, finding}],
       requests [{text, qty, is_done}], photos}
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime, nowdate

from auto_dealer.orders.rules.stages import AGREED, IN_WORK, QUALITY
from auto_dealer.orders.rules.totals import APPROVED

DOCTYPE, LABOUR, TIME = "Service Work Order", "Work Order Labour", "Mechanic Time"
STATES = ("In Work", "Paused", "Waiting", "Done")


def my_jobs(mechanic: str) -> list[dict]:
	"""Jobs of orders in the garage: running first, then paused, waiting, and those finished but not yet checked."""
	rows = frappe.get_all(
		LABOUR,
		{"mechanic": mechanic, "approval": APPROVED, "parenttype": DOCTYPE},
		["name", "parent"],
	)
	orders = (
		frappe.get_all(
			DOCTYPE,
			{"name": ("in", {row.parent for row in rows}), "stage": ("in", (AGREED, IN_WORK, QUALITY))},
			pluck="name",
		)
		if rows
		else []
	)
	running = running_row(mechanic)
	jobs = []
	for name in orders:
		order = frappe.get_doc(DOCTYPE, name)
		jobs += [
			describe_job(order, row, running)
			for row in order.labour
			if row.mechanic == mechanic and row.approval == APPROVED
		]
	return sorted(jobs, key=lambda job: (STATES.index(job["state"]), job["promised_at"] or "9", job["order"]))


def running_row(mechanic: str) -> frappe._dict:
	fields = ["labour_row", "started_at", "work_order"]
	return frappe.db.get_value(TIME, {"running_guard": mechanic}, fields, as_dict=True) or frappe._dict()


def describe_job(order: Document, row: Document, running: frappe._dict) -> dict:
	seconds = None
	if running.labour_row == row.name:
		seconds = max(int((now_datetime() - get_datetime(running.started_at)).total_seconds()), 0)
	return {
		"order": order.name,
		"row": row.name,
		"title": row.description,
		"hours": row.hours,
		"comment": row.comment,
		"state": row.state or "Waiting",
		"minutes": row.actual_minutes or 0,
		"running_seconds": seconds,
		"order_stage": order.stage,
		"car": order.vehicle_title,
		"plate": order.licence_plate,
		"vin": order.vin,
		"mileage": order.mileage,
		"complaint": order.complaint,
		"promised_at": str(order.promised_at)[:16] if order.promised_at else None,
		"parts": [
			{"title": part.description, "qty": part.qty, "unit": part.uom, "state": part.stock_state or ""}
			for part in order.parts
			if part.approval == APPROVED
		],
		"findings": [
			{"point": point.point, "severity": point.severity, "finding": point.finding}
			for point in order.inspection
			if point.severity in ("Yellow", "Red")
		],
		"requests": [
			{"text": request.requested_text, "qty": request.qty, "is_done": request.is_done}
			for request in order.part_requests
			if request.labour_row == row.name
		],
		"photos": sum(photo.labour_row == row.name for photo in order.photos),
	}


def minutes_today(mechanic: str) -> int:
	"""Worked and noted today, without what is running."""
	rows = frappe.get_all(TIME, {"mechanic": mechanic, "started_at": (">=", nowdate())}, pluck="minutes")
	return round(sum(minutes or 0 for minutes in rows))


def greeting(mechanic: str) -> str:
	return frappe.get_cached_value("User", mechanic, "full_name") or _("Mechanic")
