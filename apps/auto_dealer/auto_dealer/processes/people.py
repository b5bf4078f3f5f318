"""Who does what: the people that an admin has named, else everybody who has the role."""

from __future__ import annotations

import frappe
from frappe import _

from auto_dealer.notices.send import enabled

DIAGNOSTICS_LEADER, PRICE_LEADER = "Diagnostics Leader", "Price Leader"
ADMINISTRATOR, PHOTOGRAPHER, SALES = "Detailing Administrator", "Photographer", "Sales Responsible"
ROLE_FIELDS = {
	DIAGNOSTICS_LEADER: "leader_role",
	PRICE_LEADER: "leader_role",
	ADMINISTRATOR: "administrator_role",
	PHOTOGRAPHER: "photographer_role",
	SALES: "sales_role",
}
SUBSTITUTES = ("Dealer Administrator", "Dealer Portal Administrator")


class NobodyHasTheDuty(frappe.ValidationError):
	"""Preparation Settings name nobody, and nobody has the role."""


def find_people(duty: str) -> list[str]:
	"""Enabled users with this duty."""
	settings = frappe.get_cached_doc("Preparation Settings")
	named = enabled(row.user for row in settings.people if row.duty == duty)
	role = settings.get(ROLE_FIELDS[duty])
	if named or not role:
		return named
	users = frappe.get_all(
		"Has Role", {"role": role, "parenttype": "User"}, pluck="parent", order_by="parent"
	)
	return enabled(user for user in users if user != "Administrator")


def need_people(duty: str) -> list[str]:
	people = find_people(duty)
	if not people:
		frappe.throw(
			_("Nobody has the duty {0}. Name somebody in Preparation Settings.").format(
				_(duty, context="Preparation Person")
			),
			NobodyHasTheDuty,
		)
	return people


def least_busy(users: list[str], doctype: str, filters: dict, field: str) -> str | None:
	"""Of several people the one who holds the fewest such documents."""
	if len(users) < 2:
		return users[0] if users else None
	rows = frappe.get_all(
		doctype,
		{**filters, field: ("in", users)},
		[field, "count(name) as held"],
		group_by=field,
		order_by=None,
	)
	held = {row[field]: row.held for row in rows}
	return min(users, key=lambda user: (held.get(user, 0), user))


def is_substitute(user: str | None = None) -> bool:
	"""Administrators may do every step for those who are away."""
	user = user or frappe.session.user
	return user == "Administrator" or bool(set(SUBSTITUTES) & set(frappe.get_roles(user)))
