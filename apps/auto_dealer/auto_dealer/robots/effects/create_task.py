"""A task (ToDo) with a moment until which it is to be done, for each recipient."""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe import _

from auto_dealer.robots import clock
from auto_dealer.robots.effects.notify_staff import NobodyToTell, notify, texts_for
from auto_dealer.robots.recipients import find_users


def run(robot, doc, params: dict, run) -> list[str]:
	users = find_users(doc, params)
	if not users:
		frappe.throw(_("There is nobody to tell: {0}").format(_(params.get("recipient") or "")), NobodyToTell)
	due = clock.now() + timedelta(hours=params.get("due_in_hours") or 24)
	made = []
	for user in users:
		subject, text = texts_for(user, robot, doc)
		todo = frappe.get_doc(
			{
				"doctype": "ToDo",
				"allocated_to": user,
				"assigned_by": frappe.session.user,
				"description": "<br>".join(filter(None, (subject, text))),
				"date": due.date(),
				"dealer_due_at": due,
				"dealer_observers": params.get("observers"),
				"reference_type": doc.doctype,
				"reference_name": doc.name,
			}
		)
		# A task is given to another user, whatever the rights of the one the robot runs as.
		todo.insert(ignore_permissions=True)
		notify(user, subject, text, doc)
		made.append(f"ToDo {todo.name} ({user})")
	return made
