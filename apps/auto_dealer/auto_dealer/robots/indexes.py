"""Indexes of the robots' tables: what the minute job and a deal's log are read by."""

import frappe

TASK_INDEXES = {
	"dealer_due": ("status", "due_at"),
	"dealer_reference": ("reference_name", "status"),
	"dealer_robot": ("robot", "status"),
}
RUN_INDEXES = {
	"dealer_reference": ("reference_name", "at"),
	"dealer_at": ("at",),
	"dealer_robot": ("robot", "at"),
	"dealer_outcome": ("outcome", "at"),
}


def add_task_indexes() -> None:
	_add("Robot Task", TASK_INDEXES)


def add_run_indexes() -> None:
	_add("Robot Run", RUN_INDEXES)


def _add(doctype: str, indexes: dict[str, tuple[str, ...]]) -> None:
	for name, fields in indexes.items():
		frappe.db.add_index(doctype, list(fields), index_name=name)
