"""Button "Take to work" (R45): the first who presses becomes responsible, everybody else is told who that is."""

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.permissions.rules.scope import is_visible
from auto_dealer.permissions.scopes import get_home_department, get_viewer
from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.sales.errors import LeadStatusError, throw_already_taken
from auto_dealer.sales.rules import enquiry
from auto_dealer.sales.rules.deal_card import queue_of


def take_to_work(deal: str) -> Document:
	"""Makes the session's user responsible and moves the deal from the entry stage to the next open one.

	The deal's row is locked: two at once, one wins, the other gets AlreadyTaken. Pressing twice changes nothing.
	Only for deals that the user may see and edit.
	"""
	doc = _lock("Auto Deal", deal)
	if doc.is_closed:
		frappe.throw(_("Deal {0} is closed.").format(deal), LeadStatusError)
	next_stage = stage_after_entry(doc.pipeline)
	is_waiting = is_entry_stage(doc.pipeline, doc.stage)
	if doc.responsible and not is_waiting:
		return doc
	doc.responsible = frappe.session.user
	doc.department = doc.department or get_home_department(frappe.session.user) or None
	if is_waiting and next_stage:
		doc.stage = next_stage
	doc.save()
	return doc


def take_lead_to_work(lead: str) -> Document:
	"""The same for an enquiry without a deal: responsible is the session's user, New becomes In Progress."""
	doc = _lock("Auto Lead", lead)
	if doc.status in enquiry.BY_USE_CASE_ONLY:
		frappe.throw(_("Lead {0} belongs to the deal {1}.").format(lead, doc.deal), LeadStatusError)
	if doc.responsible and doc.status == enquiry.IN_PROGRESS:
		return doc
	doc.responsible = frappe.session.user
	doc.department = doc.department or get_home_department(frappe.session.user) or None
	doc.status = enquiry.IN_PROGRESS
	doc.save()
	return doc


def _lock(doctype: str, name: str) -> Document:
	"""The document as committed, locked; throws when it is somebody else's or the user may not edit it."""
	doc = frappe.get_doc(doctype, name, for_update=True)
	if doc.responsible and doc.responsible != frappe.session.user and _saw_it_unsorted(doc):
		throw_already_taken(doc.responsible)
	doc.check_permission("write")
	if doc.responsible and doc.responsible != frappe.session.user:
		throw_already_taken(doc.responsible)
	return doc


def _saw_it_unsorted(doc: Document) -> bool:
	"""Who was shown the unsorted document may know who took it; to others it stays hidden."""
	stored = {"queue": queue_of(None, doc.department), "department": doc.department}
	return frappe.has_permission(doc.doctype, "write") and is_visible(get_viewer(), doc.doctype, stored)


def is_entry_stage(pipeline: str, stage: str | None) -> bool:
	entry = load(pipeline).entry_stage
	return not stage or (bool(entry) and entry.name == stage)


def stage_after_entry(pipeline: str) -> str | None:
	"""The second enabled open stage: where somebody has begun to work ("Vehicle Selection")."""
	stages = [stage.name for stage in load(pipeline).enabled if stage.is_open]
	return stages[1] if len(stages) > 1 else None
