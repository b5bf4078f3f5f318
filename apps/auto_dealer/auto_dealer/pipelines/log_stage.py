"""Writes Deal Stage Log, the source of all funnel reports."""

from __future__ import annotations

import frappe

INSERT = """
	insert into `tabDeal Stage Log` (name, creation, modified, owner, modified_by, docstatus, idx, deal, pipeline,
		from_pipeline, from_stage, to_stage, reason, changed_by, changed_at, seconds_in_stage, responsible, department)
	values (%(name)s, %(now)s, %(now)s, %(user)s, %(user)s, 0, 0, %(deal)s, %(pipeline)s, %(from_pipeline)s,
		%(from_stage)s, %(to_stage)s, %(reason)s, %(user)s, %(changed_at)s, %(seconds)s, %(responsible)s,
		%(department)s)"""


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


def log_entry(
	deal,
	from_stage: str | None,
	to_stage: str,
	reason: str | None = None,
	from_pipeline: str | None = None,
	changed_at=None,
	seconds_in_stage: int = 0,
) -> None:
	"""One INSERT without the life cycle of a document: nobody edits the log, no hook listens to it."""
	frappe.db.sql(
		INSERT,
		{
			"name": frappe.generate_hash(length=10),
			"now": frappe.utils.now(),
			"deal": deal.name,
			"pipeline": deal.pipeline,
			"from_pipeline": from_pipeline or None,
			"from_stage": from_stage or None,
			"to_stage": to_stage,
			"reason": reason or None,
			"user": frappe.session.user,
			"changed_at": changed_at,
			"seconds": seconds_in_stage or 0,
			"responsible": deal.get("responsible") or None,
			"department": deal.get("department") or None,
		},
	)
