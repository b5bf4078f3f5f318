"""The roles of a dealer's staff."""

import frappe

ROLES = (
	"Dealer Sales Head",
	"Dealer Sales Manager",
	"Dealer Credit Specialist",
	"Dealer Appraiser",
	"Dealer Administrator",
	"Dealer Portal Administrator",
	"Dealer Service Advisor",
	"Dealer Mechanic",
	"Dealer Parts Manager",
	"Dealer Buyout Head",
	"Dealer Diagnostician",
	"Dealer Detailing Administrator",
	"Dealer Photographer",
	"Dealer Marketer",
)


def add_roles():
	for role in ROLES:
		if not frappe.db.exists("Role", role):
			frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert()
