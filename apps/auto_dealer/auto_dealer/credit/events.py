"""The last event of an application: kept on it, in its time line, and shown live on the deal (R90)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

CHANGED = "dealer_credit_changed"


def note(application: Document, text: str) -> None:
	"""Sets the last event; the caller saves. `text` bears no personal data: managers read it."""
	application.last_event = text[:180]
	application.last_event_at = now_datetime()


def note_stage(application: Document) -> None:
	"""Unless the use case has named the event itself."""
	if not application.flags.event_noted:
		note(application, _(application.stage, context=application.doctype))


def publish(application: Document) -> None:
	"""To everybody who has the deal open; they ask for the state with their own rights."""
	frappe.publish_realtime(
		CHANGED,
		{"deal": application.deal},
		doctype="Auto Deal",
		docname=application.deal,
		after_commit=True,
	)
