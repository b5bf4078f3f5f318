"""Colleagues by name, not by e-mail, wherever the desk shows who is responsible."""

from __future__ import annotations

import frappe

MOST = 500


def add_staff_names(bootinfo: frappe._dict) -> None:
	"""Adds the names and pictures of the desk's users to what the browser knows from the start; for staff only."""
	if frappe.session.user == "Guest" or not frappe.has_permission("Auto Deal", "read"):
		return
	users = frappe.get_all(
		"User",
		filters={"enabled": 1, "user_type": "System User"},
		fields=["name", "email", "full_name as fullname", "user_image as image", "time_zone"],
		limit=MOST,
	)
	for user in users:
		bootinfo.user_info.setdefault(user.name, user)
