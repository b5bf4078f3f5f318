"""The roles of a dealer's staff, what each sees at first, and their rights on documents of ERPNext and Frappe."""

import frappe
from frappe.permissions import setup_custom_perms

from auto_dealer.permissions.rules.scope import ALL, DEPARTMENT, OWN, OWN_AND_UNSORTED
from auto_dealer.setup.seeded_once import seed_once

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

# Leads and deals that a role sees at first; an admin changes it in Dealer Settings.
ROLE_SCOPES = {
	"Dealer Portal Administrator": ALL,
	"Dealer Administrator": ALL,
	"System Manager": ALL,
	"Dealer Marketer": ALL,
	"Dealer Sales Head": DEPARTMENT,
	"Dealer Buyout Head": DEPARTMENT,
	"Dealer Sales Manager": OWN_AND_UNSORTED,
	"Dealer Service Advisor": OWN_AND_UNSORTED,
	"Dealer Credit Specialist": OWN,
	"Dealer Appraiser": OWN,
	"Dealer Diagnostician": OWN,
	"Dealer Detailing Administrator": OWN,
	"Dealer Photographer": OWN,
	"Dealer Parts Manager": OWN,
	"Dealer Mechanic": OWN,
}

ADMINISTRATORS = ("Dealer Portal Administrator", "Dealer Administrator")
HEADS = ("Dealer Sales Head", "Dealer Buyout Head")
SELLERS = ("Dealer Sales Manager", "Dealer Service Advisor")
SPECIALISTS = ("Dealer Credit Specialist", "Dealer Appraiser", "Dealer Diagnostician")

# DocTypes of others: roles → rights. Contacts are seen with their lead or deal only, and are not exported (R149).
FOREIGN_RIGHTS = {
	"Company": {ROLES: ("select",)},
	"Contact": {
		ADMINISTRATORS: ("read", "write", "create", "report", "print", "email"),
		HEADS + SELLERS: ("read", "write", "create", "print", "email"),
		SPECIALISTS: ("read",),
	},
	"Currency": {ROLES: ("read",)},
	"Customer": {
		ADMINISTRATORS + HEADS: ("read", "write", "create", "report", "print", "email"),
		SELLERS + SPECIALISTS: ("select",),
	},
	"Department": {ROLES: ("select",)},
	"Role": {ADMINISTRATORS[:1]: ("select",)},
}
RIGHTS = (
	"select",
	"read",
	"write",
	"create",
	"delete",
	"submit",
	"cancel",
	"amend",
	"report",
	"export",
	"import",
	"share",
	"print",
	"email",
)


def add_roles() -> None:
	"""Makes the missing ones."""
	for role in ROLES:
		if not frappe.db.exists("Role", role):
			frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert()


def add_role_scopes() -> None:
	"""Fills Dealer Settings once; what an admin makes of it survives every migrate."""
	seed_once("role scopes", _seed_role_scopes)


def _seed_role_scopes() -> None:
	settings = frappe.get_single("Dealer Settings")
	if settings.role_scopes:
		return
	for role, scope in ROLE_SCOPES.items():
		for document in ("Leads", "Deals"):
			settings.append("role_scopes", {"role": role, "document": document, "scope": scope})
	settings.save()


def add_foreign_rights() -> None:
	"""Lets the roles use the DocTypes of others that leads and deals link to; once for each DocType."""
	for doctype, rights in FOREIGN_RIGHTS.items():
		seed_once(
			f"rights on {doctype}", lambda doctype=doctype, rights=rights: _seed_rights(doctype, rights)
		)


def _seed_rights(doctype: str, rights_of: dict[tuple[str, ...], tuple[str, ...]]) -> None:
	setup_custom_perms(doctype)
	for roles, rights in rights_of.items():
		for role in roles:
			if not frappe.db.exists("Custom DocPerm", {"parent": doctype, "role": role, "permlevel": 0}):
				_add_right(doctype, role, rights)
	frappe.clear_cache(doctype=doctype)


def _add_right(doctype: str, role: str, rights: tuple[str, ...]) -> None:
	# Every right is named: those left out would default to 1.
	frappe.get_doc(
		{
			"doctype": "Custom DocPerm",
			"parent": doctype,
			"parenttype": "DocType",
			"parentfield": "permissions",
			"role": role,
			"permlevel": 0,
			**{right: int(right in rights) for right in RIGHTS},
		}
	).insert()


def delete_roles() -> None:
	"""Takes the roles, their rights on other apps' DocTypes and their users' rows away."""
	for doctype in FOREIGN_RIGHTS:
		frappe.db.delete("Custom DocPerm", {"parent": doctype, "role": ("in", ROLES)})
		frappe.clear_cache(doctype=doctype)
	frappe.db.delete("Has Role", {"role": ("in", ROLES)})
	for role in ROLES:
		frappe.delete_doc_if_exists("Role", role, force=1)
