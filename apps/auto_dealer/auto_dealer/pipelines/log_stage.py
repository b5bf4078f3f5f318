"""Writes Deal Stage Log, the source of all funnel reports."""

from __future__ import annotations

import frappe


def log_move(deal) -> None:
	"""Writes the log row of the move that the guard has let through in this save; nothing when there was none."""
	move = deal.flags.pop("stage_move", None)
	if move:
		log_entry(
			deal,
			move.from_stage,
			move.to_stage,
			reason=move.reason,
			from_pipeline=move.from_pipeline,
			changed_at=move.changed_at,
			seconds_in_stage=move.seconds,
		)


def log_entry(deal, from_stage: str | None, to_stage: str, reason: str | None = None, **values) -> None:
	"""One INSERT without the life cycle of a document: nobody edits the log, no hook listens to it."""
	row = frappe.get_doc(
		{
			"doctype": "Deal Stage Log",
			"name": frappe.generate_hash(length=10),
			"deal": deal.name,
			"pipeline": deal.pipeline,
			"from_stage": from_stage,
			"to_stage": to_stage,
			"reason": reason or None,
			"changed_by": frappe.session.user,
			"responsible": deal.get("responsible"),
			"department": deal.get("department"),
			**values,
		}
	)
	row.set_user_and_timestamp()
	row.creation = row.modified
	row.owner = row.modified_by
	row.db_insert()
	if (row.doctype, row.name) in frappe.flags.currently_saving:
		frappe.flags.currently_saving.remove((row.doctype, row.name))
