"""Who may pass a lead or deal on: the rules of `rules/assignment.py`, applied to a document being saved."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.permissions.rules import assignment
from auto_dealer.permissions.rules.assignment import Actor, Holding
from auto_dealer.permissions.scopes import get_viewer


class AssignmentRefused(frappe.PermissionError):
	"""The user may not give this document to that person or department."""


def check_assignment(doc: Document) -> None:
	"""Throws `AssignmentRefused` when the session's user may not make the change of responsible or department.

	Called by `validate` of Auto Lead and Auto Deal. Machines (intake, import, robots: `flags.ignore_permissions`)
	are not limited.
	"""
	if doc.flags.ignore_permissions or frappe.session.user == "Administrator":
		return
	viewer = get_viewer()
	before = None if doc.is_new() else get_holding(doc.get_doc_before_save() or doc)
	after = get_holding(doc)
	if before == after:
		return
	actor = Actor(viewer.user, viewer.scopes.get(doc.doctype, ""), viewer.home)
	receiver_home = get_viewer(after.responsible).home if after.responsible else ""
	if problem := assignment.check_assignment(actor, before, after, receiver_home):
		frappe.throw(describe(problem, after), AssignmentRefused, title=_("Cannot be passed on"))


def get_holding(doc: Document) -> Holding:
	"""Who holds the document, as it stands."""
	return Holding(doc.get("responsible") or "", doc.get("department") or "")


def describe(problem: str, after: Holding) -> str:
	"""What is wrong and what to do, in the user's language."""
	if problem == assignment.TO_OTHER_DEPARTMENT:
		return _(
			"{0} works in another department. Leave Responsible empty, choose a colleague of your department, or ask your head."
		).format(after.responsible)
	return {
		assignment.NOT_YOURS: _(
			"You are not responsible for it: only the responsible or the head passes it on."
		),
		assignment.UNSORTED_TO_COLLEAGUE: _(
			"Nobody has taken it yet. Take it to work yourself, or ask your head to give it to a colleague."
		),
		assignment.BACK_TO_UNSORTED: _(
			"Responsible cannot be emptied. Hand it over to a colleague, or ask your head."
		),
		assignment.DEPARTMENT_CHANGE: _("Only the head moves it to another department."),
	}[problem]
