"""The last event of an appraisal: kept on it and shown live on the deal (R100)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

CHANGED = "dealer_appraisal_changed"


def note(appraisal: Document, text: str) -> None:
	"""Sets the last event; the caller saves."""
	appraisal.last_event = text[:180]
	appraisal.last_event_at = now_datetime()


def note_stage(appraisal: Document) -> None:
	"""Unless the use case has named the event itself."""
	if not appraisal.flags.event_noted:
		note(appraisal, _(appraisal.stage, context=appraisal.doctype))


def publish(appraisal: Document) -> None:
	"""To everybody who has the deal open; they ask for the state with their own rights."""
	frappe.publish_realtime(
		CHANGED,
		{"deal": appraisal.deal},
		doctype="Auto Deal",
		docname=appraisal.deal,
		after_commit=True,
	)
