"""A robot has failed for good: those who look after the system see it in their bell."""

from __future__ import annotations

import frappe
from frappe import _

ROLES = ("Dealer Portal Administrator", "Dealer Administrator", "System Manager")
MOST = 20


def tell_administrators(task: frappe._dict, reason: str) -> None:
	robot = frappe.db.get_value("Stage Robot", task.robot, "title") if task.robot else task.action_path
	subject = _("The robot {0} failed on {1}: {2}").format(
		*(frappe.utils.escape_html(str(part)) for part in (robot, task.reference_name, reason[:140]))
	)
	for user in administrators():
		notice = frappe.get_doc(
			{
				"doctype": "Notification Log",
				"type": "Alert",
				"for_user": user,
				"from_user": "Administrator",
				"subject": subject,
				"document_type": "Robot Task",
				"document_name": task.name,
			}
		)
		# Nobody has the right to write into another one's bell.
		notice.insert(ignore_permissions=True)


def administrators() -> list[str]:
	"""Enabled users who may look into the robots' tables."""
	users = frappe.get_all(
		"Has Role",
		{"role": ("in", ROLES), "parenttype": "User"},
		pluck="parent",
		distinct=True,
		order_by="parent",
	)
	enabled = (
		frappe.get_all("User", {"name": ("in", users), "enabled": 1}, pluck="name", limit=MOST)
		if users
		else []
	)
	return enabled or ["Administrator"]
