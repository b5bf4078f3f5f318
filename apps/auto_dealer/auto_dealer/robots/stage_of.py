"""In which field a document type keeps its stage."""

from __future__ import annotations

import functools

import frappe

STAGE_FIELDS = {"Auto Deal": "stage", "Auto Lead": "status"}


def stage_field(doctype: str) -> str:
	"""Known ones, else the state field of its Workflow, else `stage` or `status`; "" when it has no stages."""
	if doctype in STAGE_FIELDS:
		return STAGE_FIELDS[doctype]
	from frappe.model.workflow import get_workflow_name

	meta = frappe.get_meta(doctype)
	if workflow := get_workflow_name(doctype):
		return frappe.get_cached_value("Workflow", workflow, "workflow_state_field")
	return next((field for field in ("stage", "status") if meta.has_field(field)), "")


def stage_of(doc) -> str:
	field = stage_field(doc.doctype) if doc else ""
	return (doc.get(field) or "") if field else ""


def pipeline_of(doc) -> str:
	return (doc.get("pipeline") or "") if doc else ""


@functools.cache
def deadline_field(doctype: str) -> str:
	"""The moment by which the present stage is to be left."""
	return "stage_deadline" if doctype == "Auto Deal" else "due_at"
