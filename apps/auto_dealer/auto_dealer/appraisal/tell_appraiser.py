"""The appraiser's notice and task for an appraisal."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.robots.effects.notify_staff import notify


def assign(appraisal: Document) -> None:
	"""A task (assignment) and a notice in the bell. An appraiser who is unknown or switched off gets neither."""
	user = appraisal.appraiser
	if not user or not frappe.db.get_value("User", user, "enabled"):
		return
	frappe.get_doc(
		{
			"doctype": "ToDo",
			"allocated_to": user,
			"reference_type": appraisal.doctype,
			"reference_name": appraisal.name,
			"description": _("Appraisal {0}: {1}").format(
				appraisal.name, frappe.utils.escape_html(appraisal.title)
			),
			"assigned_by": frappe.session.user,
		}
		# A manager may not assign documents that only appraisers write.
	).insert(ignore_permissions=True)
	if user != frappe.session.user:
		subject = _("New appraisal: {0}").format(frappe.utils.escape_html(appraisal.title))
		notify(user, subject, "", appraisal)


def release(appraisal: Document) -> None:
	"""Takes the task from the present appraiser."""
	tasks = frappe.get_all(
		"ToDo",
		{
			"reference_type": appraisal.doctype,
			"reference_name": appraisal.name,
			"allocated_to": appraisal.appraiser,
			"status": "Open",
		},
		pluck="name",
	)
	for task in tasks:
		todo = frappe.get_doc("ToDo", task)
		todo.status = "Cancelled"
		# The task is the appraiser's, the change the manager's.
		todo.save(ignore_permissions=True)
