"""The specialist's notice and task for an application."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document


def assign(application: Document) -> None:
	"""A task (assignment) and a notice in the bell. A specialist who is unknown or switched off gets neither."""
	user = application.specialist
	if not user or not frappe.db.get_value("User", user, "enabled"):
		return
	frappe.get_doc(
		{
			"doctype": "ToDo",
			"allocated_to": user,
			"reference_type": application.doctype,
			"reference_name": application.name,
			"description": _("Credit application {0}: {1}").format(application.name, application.title),
			"assigned_by": frappe.session.user,
		}
		# A manager may not assign documents that only specialists write.
	).insert(ignore_permissions=True)
	if user != frappe.session.user:
		notify(user, _("New credit application: {0}").format(application.title), application)


def release(application: Document) -> None:
	"""Takes the task from the present specialist."""
	tasks = frappe.get_all(
		"ToDo",
		{
			"reference_type": application.doctype,
			"reference_name": application.name,
			"allocated_to": application.specialist,
			"status": "Open",
		},
		pluck="name",
	)
	for task in tasks:
		todo = frappe.get_doc("ToDo", task)
		todo.status = "Cancelled"
		# The task is the specialist's, the change the manager's.
		todo.save(ignore_permissions=True)


def notify(user: str, subject: str, application: Document) -> None:
	"""A line in the user's bell, with a link to the application; no personal data in it."""
	frappe.get_doc(
		{
			"doctype": "Notification Log",
			"type": "Alert",
			"for_user": user,
			"from_user": frappe.session.user,
			"document_type": application.doctype,
			"document_name": application.name,
			"subject": subject,
		}
		# Notices are written for others, who alone may read them.
	).insert(ignore_permissions=True)
