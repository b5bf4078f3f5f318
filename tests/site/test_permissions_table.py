"""Every DocType of the app × every role × every action, as shipped: a change of rights is a change of this table."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from factories import make_row, make_staff

import frappe

from auto_dealer.setup.roles import ROLES

ACTIONS = {
	"r": "read",
	"w": "write",
	"c": "create",
	"d": "delete",
	"p": "report",
	"x": "export",
	"i": "import",
}
PREFIX = "Dealer "
ADMINISTRATORS = ("Portal Administrator", "Administrator", "System Manager")
HEADS = ("Sales Head", "Buyout Head")
OTHERS = (
	*("Sales Manager", "Credit Specialist", "Appraiser", "Service Advisor", "Diagnostician"),
	*("Detailing Administrator", "Photographer", "Marketer", "Parts Manager", "Mechanic"),
)
# What credit specialists keep themselves.
LENT = {
	"rwcdpx": ADMINISTRATORS,
	"rwcp": ("Credit Specialist",),
	"rp": HEADS,
	"r": ("Sales Manager", "Service Advisor"),
}
LIST_OF_VALUES = {"rwcdpxi": ADMINISTRATORS, "rwcp": HEADS, "r": OTHERS}
# What the workshop's advisors keep with the administrators.
NORMS = {
	"rwcdpxi": ADMINISTRATORS,
	"rwcp": ("Service Advisor",),
	"rp": HEADS,
	"r": ("Parts Manager", "Mechanic"),
}
SERVICE_VALUES = {
	"rwcdpxi": ADMINISTRATORS,
	"rwcp": ("Service Advisor",),
	"r": (*HEADS, *(role for role in OTHERS if role != "Service Advisor")),
}

# DocType: letters of the actions → the roles that have exactly these. A role that is not named has none.
EXPECTED = {
	"Action Link": {"rp": ADMINISTRATORS},
	"Ad Channel": {
		"rwcdpx": ADMINISTRATORS,
		"rwcp": ("Marketer", "Sales Head"),
		"r": ("Sales Manager", "Service Advisor", "Buyout Head"),
	},
	"Appraisal Settings": {"rw": ADMINISTRATORS, "r": ("Buyout Head", "Appraiser")},
	"Maintenance Plan": {
		"rwcdpx": ("Portal Administrator", "Administrator"),
		"rwcp": ("Service Advisor",),
		"rp": ("System Manager", *HEADS),
		"r": ("Sales Manager",),
	},
	"Retention Settings": {"rw": ADMINISTRATORS, "r": ("Service Advisor",)},
	"Vehicle Appraisal": {
		"rwcdpx": ("Portal Administrator",),
		"rwcpx": ("Administrator",),
		"rwp": ("Appraiser", "Buyout Head"),
		"rp": ("System Manager", "Sales Head"),
		"r": ("Sales Manager", "Service Advisor"),
	},
	"VIN Lookup": {"rp": ADMINISTRATORS, "r": ("Appraiser", "Buyout Head")},
	"Auto Deal": {
		"rwcdpxi": ("Portal Administrator",),
		"rwcpxi": ("System Manager", "Administrator"),
		"rwcpx": HEADS,
		"rwcp": ("Sales Manager", "Service Advisor"),
		"rwp": ("Credit Specialist", "Appraiser"),
		"r": ("Diagnostician", "Detailing Administrator", "Photographer"),
		"rp": ("Marketer",),
	},
	"Auto Lead": {
		"rwcdpxi": ("Portal Administrator",),
		"rwcpxi": ("System Manager", "Administrator"),
		"rwcpx": HEADS,
		"rwcp": ("Sales Manager", "Service Advisor"),
		"rp": ("Marketer",),
	},
	"Auto Vehicle": {
		"rwcdpx": ADMINISTRATORS,
		"rwcp": (*HEADS, "Sales Manager", "Service Advisor", "Appraiser", "Diagnostician"),
		"r": (
			*(
				"Credit Specialist",
				"Detailing Administrator",
				"Photographer",
				"Marketer",
				"Parts Manager",
				"Mechanic",
			),
		),
	},
	"Bitrix24 Import": {"rwcdp": ADMINISTRATORS},
	"Booking Day": {},
	"Booking Hold": {},
	"Booking Settings": {"rw": ADMINISTRATORS, "r": ("Sales Manager", "Service Advisor")},
	"Bitrix24 Refused Row": {"rpx": ADMINISTRATORS},
	"Client Key": {},
	"Client Kind": LIST_OF_VALUES,
	"Client Merge": {"rp": (*ADMINISTRATORS, *HEADS), "r": ("Sales Manager", "Service Advisor")},
	"Client Message": {"rp": ADMINISTRATORS},
	"Client Portal Settings": {"rw": ADMINISTRATORS},
	"Client Search Token": {},
	"Contract Counter": {},
	"Contract Kind": {
		"rwcdpx": ADMINISTRATORS,
		"rwcp": HEADS,
		"r": ("Sales Manager", "Service Advisor", "Credit Specialist", "Appraiser"),
	},
	"Credit Application": {
		"rwcdpx": ("Portal Administrator",),
		"rwcpx": ("Administrator",),
		"rwp": ("Credit Specialist",),
		"rp": ("System Manager", *HEADS),
		"r": ("Sales Manager", "Service Advisor"),
	},
	"Credit Product": LENT,
	"Credit Settings": {"rw": ADMINISTRATORS, "r": ("Credit Specialist",)},
	"Deal Pipeline": {"rwcdpx": ADMINISTRATORS, "rwcp": HEADS, "r": OTHERS},
	"Deal Stage Log": {
		"rpx": (*ADMINISTRATORS, *HEADS, "Marketer"),
		"r": ("Sales Manager", "Service Advisor", "Credit Specialist", "Appraiser"),
	},
	"Dealer Contract": {
		"rwcpx": (*ADMINISTRATORS, *HEADS),
		"rwcp": ("Sales Manager", "Service Advisor"),
		"r": ("Credit Specialist", "Appraiser"),
	},
	"Dealer Payment Settings": {"rw": ADMINISTRATORS},
	"Dealer Settings": {
		"rwc": ("Portal Administrator", "System Manager"),
		"r": ("Administrator", "Sales Head"),
	},
	"Deferred Work": {
		"rwdpx": ("Portal Administrator",),
		"rwpx": ("Administrator",),
		"rp": ("System Manager", *HEADS),
		"rwp": ("Service Advisor",),
		"r": ("Sales Manager",),
	},
	"Detailing Request": {
		"rwcdpx": ("Portal Administrator",),
		"rwcpx": ("Administrator",),
		"rp": ("System Manager",),
		"rwcp": HEADS,
		"rwc": ("Sales Manager",),
		"rw": ("Detailing Administrator", "Photographer"),
	},
	"Diagnostics Request": {
		"rwcdpx": ("Portal Administrator",),
		"rwcpx": ("Administrator",),
		"rp": ("System Manager",),
		"rwcp": HEADS,
		"rwc": ("Sales Manager",),
		"rw": ("Diagnostician", "Appraiser"),
	},
	"Enquiry Type": LIST_OF_VALUES,
	"Estimate Draft": {"rp": ADMINISTRATORS},
	"Inbound Event": {"rwp": ADMINISTRATORS, "r": (*HEADS, "Marketer")},
	"Inspection Template": {
		"rwcdpx": ADMINISTRATORS,
		"rwcp": ("Service Advisor",),
		"r": (*HEADS, "Parts Manager", "Mechanic"),
	},
	"Labour Norm": NORMS,
	"Labour Norm Import": {"rwcdpx": ADMINISTRATORS, "rwc": ("Service Advisor",)},
	"Labour Operation": NORMS,
	"Labour Rate": {"rwcdpxi": ADMINISTRATORS, "r": (*HEADS, "Service Advisor")},
	"Lending Bank": LENT,
	"Lost Reason": LIST_OF_VALUES,
	"Mechanic Time": {
		"rpx": ("Portal Administrator", "Administrator"),
		"rp": ("System Manager", "Service Advisor", *HEADS),
		"r": ("Mechanic",),
	},
	"Object Kind": LIST_OF_VALUES,
	"Pipeline Pack": {"rwcp": ("Portal Administrator", "System Manager")},
	"Preparation Settings": {"rw": ADMINISTRATORS, "r": HEADS},
	"Robot Run": {"rp": ADMINISTRATORS},
	"Robot Task": {"rp": ADMINISTRATORS},
	"Service Booking": {
		"rwcdpx": ("Portal Administrator",),
		"rwcpx": ("Administrator", "System Manager"),
		"rwcp": ("Service Advisor",),
		"rwc": ("Sales Manager",),
		"rp": HEADS,
		"r": ("Parts Manager", "Mechanic", "Diagnostician"),
	},
	"Service Group": SERVICE_VALUES,
	"Service Offering": {
		"rwcdpxi": ADMINISTRATORS,
		"rwcp": ("Service Advisor",),
		"rp": HEADS,
		"r": (
			*("Sales Manager", "Appraiser", "Diagnostician", "Detailing Administrator", "Marketer"),
			"Parts Manager",
		),
	},
	"Service Resource": {
		"rwcdpxi": ADMINISTRATORS,
		"rwcp": ("Service Advisor",),
		"rp": HEADS,
		"r": ("Sales Manager", "Diagnostician", "Detailing Administrator", "Mechanic"),
	},
	"Service Skill": SERVICE_VALUES,
	"Service Work Order": {
		"rwcdpx": ("Portal Administrator",),
		"rwcpx": ("Administrator",),
		"rp": ("System Manager", *HEADS),
		"rwcp": ("Service Advisor",),
		"rwp": ("Parts Manager",),
		"r": ("Sales Manager",),
	},
	"Staff Notice": {"rp": ADMINISTRATORS, "r": (*HEADS, *OTHERS)},
	"Stage Robot": {"rwcdpx": ADMINISTRATORS, "rp": HEADS},
	"Portal Link": {"rp": ADMINISTRATORS},
	"Public Link": {"rp": ADMINISTRATORS},
	"Vehicle Make": LIST_OF_VALUES,
	"Vehicle Model": LIST_OF_VALUES,
	"Work Order Approval": {
		"rpx": ("Portal Administrator", "Administrator"),
		"rp": ("System Manager", *HEADS),
		"r": ("Service Advisor", "Sales Manager"),
	},
	"Work Order Settings": {"rw": ADMINISTRATORS, "r": ("Service Advisor",)},
	"Working Calendar": {"rwcdpxi": ADMINISTRATORS, "rp": HEADS, "r": ("Service Advisor", "Mechanic")},
}


def full_name(role: str) -> str:
	return role if role == "System Manager" else PREFIX + role


def letters_of(doctype: str, role: str) -> str:
	return next(
		(letters for letters, roles in EXPECTED[doctype].items() if role in map(full_name, roles)), ""
	)


def our_doctypes() -> set[str]:
	return set(frappe.get_all("DocType", {"module": "Auto Dealer", "istable": 0}, pluck="name"))


def test_the_table_names_every_doctype_and_role():
	assert set(EXPECTED) == our_doctypes()
	named = {full_name(role) for rights in EXPECTED.values() for roles in rights.values() for role in roles}
	assert named == {*ROLES, "System Manager"}


@pytest.mark.requirement("R3", "R103", "R104", "R105", "R106", "R107", "R112", "R113", "R149")
@pytest.mark.parametrize("role", [*ROLES, "System Manager"])
def test_rights_of_a_role(role: str):
	user = make_staff(f"table-{role}", role)
	found = {doctype: allowed(doctype, user) for doctype in EXPECTED}
	assert found == {doctype: letters_of(doctype, role) for doctype in EXPECTED}


def allowed(doctype: str, user: str) -> str:
	return "".join(
		letter for letter, action in ACTIONS.items() if frappe.has_permission(doctype, action, user=user)
	)


@pytest.mark.requirement("R149")
def test_guests_and_users_of_other_departments_have_nothing():
	for user in ("Guest", make_staff("table-other", "Sales User", "Stock Manager", "HR Manager")):
		assert {doctype: allowed(doctype, user) for doctype in EXPECTED} == dict.fromkeys(EXPECTED, "")


@pytest.mark.requirement("R149")
def test_nobody_takes_contacts_out():
	for role in ROLES:
		user = make_staff(f"table-{role}", role)
		# Contact gives everybody, by `if_owner`, what they made themselves; a list of all of them is not exported.
		assert not frappe.has_permission("Contact", "export", user=user), role
		assert not frappe.has_permission("Customer", "export", user=user), role


@pytest.mark.requirement("R3")
def test_a_few_of_them_over_http(api: Callable):
	make_row("Lost Reason", name="Table reason", reason_name="Table reason", is_enabled=1)
	cases = (
		("Dealer Sales Manager", "GET", "Lost Reason/Table reason", 200),
		("Dealer Sales Manager", "PUT", "Lost Reason/Table reason", 403),
		("Dealer Sales Manager", "POST", "Lost Reason", 403),
		("Dealer Sales Manager", "DELETE", "Lost Reason/Table reason", 403),
		("Dealer Sales Manager", "GET", "Dealer Settings/Dealer Settings", 403),
		("Dealer Sales Manager", "GET", "Client Key", 403),
		("Dealer Sales Manager", "GET", "Client Search Token", 403),
		("Dealer Sales Head", "PUT", "Lost Reason/Table reason", 200),
		("Dealer Sales Head", "DELETE", "Lost Reason/Table reason", 403),
		("Dealer Mechanic", "GET", "Auto Deal", 403),
		("Dealer Mechanic", "GET", "Auto Vehicle", 200),
		("Dealer Portal Administrator", "DELETE", "Lost Reason/Table reason", 202),
	)
	sessions = {
		role: api(make_staff(f"table-{role}", role)) for role in dict.fromkeys(case[0] for case in cases)
	}
	for role, method, path, status in cases:
		body = (
			{"json": {"reason_name": "Table reason", "applies_to": "Leads"}}
			if method in ("PUT", "POST")
			else {}
		)
		answer = sessions[role].request(method, f"/api/resource/{path}", **body)
		assert answer.status_code == status, (role, method, path, answer.text[-300:])
