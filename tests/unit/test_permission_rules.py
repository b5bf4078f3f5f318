"""Who sees what, who passes on what, on which versions the app runs: tables of cases."""

from __future__ import annotations

import pytest

from auto_dealer.permissions.rules.assignment import Actor, Holding, check_assignment
from auto_dealer.permissions.rules.scope import DEAL, LEAD, Viewer, is_visible, visible_clauses, widest
from auto_dealer.setup.rules.versions import major, version_problems

A, B = "anna@x.example", "boris@x.example"
NEW, USED, NEW_VIP = "New", "Used", "New VIP"


@pytest.mark.parametrize(
	("scopes", "expected"),
	[
		(["Own"], "Own"),
		(["Own", "All", "Department"], "All"),
		(["Own and Unsorted", "Own"], "Own and Unsorted"),
		(["Department", "Own and Unsorted"], "Department"),
		([], "Own"),
		(["nonsense"], "Own"),
	],
)
def test_the_widest_scope_wins(scopes, expected):
	assert widest(scopes) == expected


def viewer(scope: str, home: str = NEW, below: tuple = (), columns: tuple = ()) -> Viewer:
	scopes = {LEAD: scope, DEAL: scope} if scope else {}
	return Viewer(A, scopes, home, (home, *below) if home else (), columns)


def doc(queue: str | None, department: str | None, **specialists) -> dict:
	return {"queue": queue, "department": department, **specialists}


OWN = doc(A, NEW)
OWN_ELSEWHERE = doc(A.upper(), USED)
SIBLINGS = doc(B, NEW)
UNSORTED = doc("@New", NEW)
UNSORTED_BELOW = doc("@New VIP", NEW_VIP)
UNSORTED_ELSEWHERE = doc("@Used", USED)
UNSORTED_NOWHERE = doc("@", None)
ELSEWHERE = doc(B, USED)
NOWHERE = doc(B, "")
CREDIT = doc(B, USED, credit_specialist=A)


@pytest.mark.requirement("R103", "R104", "R105", "R106", "R109")
@pytest.mark.parametrize(
	("who", "seen", "unseen"),
	[
		(viewer(""), [], [OWN, UNSORTED_NOWHERE, NOWHERE]),
		(viewer("Own"), [OWN, OWN_ELSEWHERE], [SIBLINGS, UNSORTED, UNSORTED_NOWHERE, ELSEWHERE, CREDIT]),
		(viewer("Own", columns=("credit_specialist",)), [OWN, CREDIT], [SIBLINGS, UNSORTED]),
		(
			viewer("Own and Unsorted"),
			[OWN, OWN_ELSEWHERE, UNSORTED, UNSORTED_NOWHERE],
			[SIBLINGS, UNSORTED_ELSEWHERE, UNSORTED_BELOW, ELSEWHERE, NOWHERE, CREDIT],
		),
		(viewer("Own and Unsorted", home=""), [OWN, UNSORTED_NOWHERE], [UNSORTED, NOWHERE]),
		(
			viewer("Department"),
			[OWN, OWN_ELSEWHERE, SIBLINGS, UNSORTED, UNSORTED_NOWHERE, NOWHERE],
			[UNSORTED_ELSEWHERE, UNSORTED_BELOW, ELSEWHERE],
		),
		(viewer("Department", below=(NEW_VIP,)), [UNSORTED_BELOW, SIBLINGS], [ELSEWHERE]),
		(viewer("Department", home=""), [NOWHERE, OWN], [SIBLINGS, ELSEWHERE]),
		(viewer("All"), [OWN, SIBLINGS, ELSEWHERE, UNSORTED_ELSEWHERE, NOWHERE, CREDIT], []),
	],
)
def test_what_each_scope_sees(who, seen, unseen):
	assert [d for d in seen if not is_visible(who, DEAL, d)] == []
	assert [d for d in unseen if is_visible(who, DEAL, d)] == []


def test_a_manager_is_served_by_one_index():
	clauses = visible_clauses(viewer("Own and Unsorted"), DEAL)
	assert [clause.column for clause in clauses] == ["queue"]


def test_leads_have_no_specialists():
	clauses = visible_clauses(viewer("Own", columns=("appraiser", "credit_specialist")), LEAD)
	assert [clause.column for clause in clauses] == ["queue"]


def actor(scope: str = "Own and Unsorted", home: str = NEW) -> Actor:
	return Actor(A, scope, home)


def held(responsible: str = "", department: str = NEW) -> Holding:
	return Holding(responsible, department)


@pytest.mark.requirement("R104", "R109", "R149")
@pytest.mark.parametrize(
	("who", "before", "after", "receiver_home", "problem"),
	[
		# everything goes for heads and administrators
		(actor("All"), held(B, USED), held(A, NEW), NEW, ""),
		(actor("Department"), held(B), held("", USED), "", ""),
		(actor("Department"), held(""), held(B, USED), USED, ""),
		# a new document
		(actor(), None, held(A), NEW, ""),
		(actor(), None, held(""), "", ""),
		(actor(), None, held("", USED), "", ""),
		(actor(), None, held(B), NEW, ""),
		(actor(), None, held(B), USED, "to_other_department"),
		(actor(home=""), None, held(B, ""), "", ""),
		# an unsorted one
		(actor(), held(""), held(A), NEW, ""),
		(actor(), held("", ""), held(A, NEW), NEW, ""),
		(actor(), held(""), held(B), NEW, "unsorted_to_colleague"),
		(actor(), held("", ""), held(A, USED), NEW, "department_change"),
		# the own one
		(actor(), held(A), held(B), NEW, ""),
		(actor(), held(A), held(B), USED, "to_other_department"),
		(actor(), held(A), held(""), "", "back_to_unsorted"),
		(actor(), held(A), held(A, USED), NEW, "department_change"),
		(actor("Own"), held(A), held(B), NEW, ""),
		# somebody else's, in which a specialist works
		(actor("Own"), held(B), held(A), NEW, "not_yours"),
		(actor(), held(B), held(""), "", "not_yours"),
		(actor(""), held(B), held(A), NEW, "not_yours"),
	],
)
def test_who_passes_on_what(who, before, after, receiver_home, problem):
	assert check_assignment(who, before, after, receiver_home) == problem


@pytest.mark.parametrize(
	("frappe", "erpnext", "wrong"),
	[
		("15.72.4", "15.70.0", []),
		("15.0.0-beta", "v15.1", []),
		("14.90.0", "15.70.0", ["frappe"]),
		("16.0.0-dev", "16.0.0-dev", ["frappe", "erpnext"]),
		("15.72.4", None, ["erpnext"]),
		("15.72.4", "", ["erpnext"]),
		("15.72.4", "150.1", ["erpnext"]),
		("develop", "15.1", ["frappe"]),
	],
)
def test_versions(frappe, erpnext, wrong):
	assert [problem.app for problem in version_problems(frappe, erpnext)] == wrong


@pytest.mark.parametrize(
	("text", "number"), [("15.2", 15), ("v15", 15), ("16-dev", 16), ("", 0), ("x.y", 0), ("²", 0)]
)
def test_major(text, number):
	assert major(text) == number
