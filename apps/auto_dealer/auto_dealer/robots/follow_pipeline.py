"""Robots and what they planned follow a renamed stage or pipeline, in the transaction of the rename."""

from __future__ import annotations

import frappe

from auto_dealer.robots.load_robots import forget_after_commit

PLANNED = """select name from `tabRobot Task` where status = 'Pending' and pipeline = %(pipeline)s and stage = %(old)s
	for update skip locked"""


def rename_stage(pipeline: str, old: str, new: str) -> None:
	"""Robots of this pipeline only: another one may have a stage of the same name."""
	values = {"pipeline": pipeline, "old": old, "new": new}
	frappe.db.sql(
		"update `tabStage Robot` set stage = %(new)s where pipeline = %(pipeline)s and stage = %(old)s",
		values,
	)
	frappe.db.sql(
		"update `tabStage Robot` set target_stage = %(new)s where pipeline = %(pipeline)s and target_stage = %(old)s",
		values,
	)
	if names := [row[0] for row in frappe.db.sql(PLANNED, values)]:
		frappe.db.sql("update `tabRobot Task` set stage = %s where name in %s", (new, names))
	forget_after_commit()


def rename_pipeline(old: str, new: str) -> None:
	"""The robots themselves are links, which Frappe renames."""
	frappe.db.sql(
		"update `tabRobot Task` set pipeline = %s where pipeline = %s and status = 'Pending'", (new, old)
	)
	forget_after_commit()
