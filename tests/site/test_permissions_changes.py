"""Deleting, renaming and passing on leads and deals: refused or allowed on every way in."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from factories import make_department, make_row, make_staff

import frappe

from auto_dealer.permissions.change_rules import AssignmentRefused
from auto_dealer.permissions.deny_delete import DeletionRefused, RenameRefused

LEAD, DEAL = "Auto Lead", "Auto Deal"


@pytest.fixture
def department() -> str:
	return make_department("Change New")


@pytest.fixture
def anna(department: str) -> str:
	return make_staff("change-anna", "Dealer Sales Manager", department=department)


def make_held(doctype: str, name: str, responsible: str | None, department: str | None = None) -> str:
	"""A lead or deal that lies in the table, held by this person."""
	values = {
		"name": name,
		"client_name": "Client",
		"responsible": responsible,
		"department": department,
		"queue": responsible or f"@{department or ''}",
	}
	if doctype == LEAD:
		values |= {
			"enquiry_type": frappe.get_all("Enquiry Type", {"is_target": 1}, pluck="name", limit=1)[0],
			"status": "New",
		}
	return make_row(doctype, **values).name


class TestDelete:
	@pytest.mark.requirement("R3")
	@pytest.mark.parametrize("doctype", [LEAD, DEAL])
	def test_nobody_but_the_portal_administrator(self, api: Callable, doctype: str, department: str):
		name = make_held(doctype, "CHANGE-1", None)
		roles = ("Dealer Sales Manager", "Dealer Sales Head", "Dealer Administrator", "System Manager")
		for role in roles:
			session = api(make_staff(f"change-{role}", role, department=department))
			answers = {
				"REST": session.delete(f"/api/resource/{doctype}/{name}"),
				"v2": session.delete(f"/api/v2/document/{doctype}/{name}"),
				"client": session.call("frappe.client.delete", doctype=doctype, name=name),
				"list": session.call(
					"frappe.desk.reportview.delete_items", doctype=doctype, items=json.dumps([name])
				),
			}
			assert {way: answer.status_code for way, answer in answers.items() if way != "list"} == {
				"REST": 403,
				"v2": 403,
				"client": 403,
			}, role
			frappe.db.rollback()
			assert frappe.db.exists(doctype, name), role
		portal = api(make_staff("change-portal", "Dealer Portal Administrator"))
		assert portal.delete(f"/api/resource/{doctype}/{name}").status_code == 202
		frappe.db.rollback()
		assert not frappe.db.exists(doctype, name)

	@pytest.mark.requirement("R3", "R108")
	@pytest.mark.parametrize("doctype", [LEAD, DEAL])
	def test_a_right_given_in_the_permission_manager_does_not_help(
		self, as_user: Callable, anna: str, doctype: str
	):
		from frappe.core.page.permission_manager.permission_manager import update

		name = make_held(doctype, "CHANGE-2", anna)
		update(doctype, "Dealer Sales Manager", 0, "delete", 1)
		with as_user(anna):
			assert not frappe.has_permission(doctype, "delete", doc=name)
			with pytest.raises(frappe.PermissionError):
				frappe.delete_doc(doctype, name)
			with pytest.raises(DeletionRefused, match="Close it instead"):
				frappe.delete_doc(doctype, name, ignore_permissions=True)

	@pytest.mark.parametrize("doctype", ["Inbound Event", "Deal Stage Log"])
	def test_history_stays(self, as_user: Callable, doctype: str):
		name = make_row(doctype).name
		for role in ("System Manager", "Dealer Administrator"):
			with as_user(make_staff(f"change-{role}", role)), pytest.raises(DeletionRefused):
				frappe.delete_doc(doctype, name, ignore_permissions=True)
		frappe.delete_doc(doctype, name)


@pytest.mark.requirement("R3")
@pytest.mark.parametrize("doctype", [LEAD, DEAL])
@pytest.mark.parametrize("merge", [False, True])
def test_numbers_are_not_renamed_or_merged(doctype: str, merge: bool):
	old, new = make_held(doctype, "CHANGE-3", None), make_held(doctype, "CHANGE-4", None)
	with pytest.raises(frappe.ValidationError):
		frappe.rename_doc(doctype, old, new if merge else "CHANGE-5", merge=merge)
	with pytest.raises(RenameRefused):
		frappe.rename_doc(doctype, old, new if merge else "CHANGE-5", merge=merge, force=True)
	assert frappe.db.exists(doctype, old)


class TestPassingOn:
	@pytest.mark.requirement("R104", "R109", "R149")
	def test_a_manager_hands_the_own_lead_to_a_colleague_only(
		self, as_user: Callable, anna: str, department: str
	):
		boris = make_staff("change-boris", "Dealer Sales Manager", department=department)
		uma = make_staff("change-uma", "Dealer Sales Manager", department=make_department("Change Used"))
		name = make_held(LEAD, "CHANGE-6", anna, department)
		with as_user(anna):
			for values, message in (
				({"responsible": uma}, "another department"),
				({"responsible": None}, "cannot be emptied"),
				({"department": make_department("Change Used")}, "Only the head"),
			):
				lead = frappe.get_doc(LEAD, name)
				lead.update(values)
				with pytest.raises(AssignmentRefused, match=message):
					lead.save()
			lead = frappe.get_doc(LEAD, name)
			lead.responsible = boris
			lead.save()
		assert frappe.db.get_value(LEAD, name, ["responsible", "queue"]) == (boris, boris)
		with as_user(anna):
			assert not frappe.has_permission(LEAD, "read", doc=name)

	def test_an_unsorted_lead_is_taken_but_not_given(self, as_user: Callable, anna: str, department: str):
		boris = make_staff("change-boris", "Dealer Sales Manager", department=department)
		name = make_held(LEAD, "CHANGE-7", None, department)
		with as_user(anna):
			lead = frappe.get_doc(LEAD, name)
			lead.responsible = boris
			with pytest.raises(AssignmentRefused, match="Nobody has taken it"):
				lead.save()
			lead = frappe.get_doc(LEAD, name)
			lead.responsible = anna
			lead.save()
		assert frappe.db.get_value(LEAD, name, "queue") == anna

	@pytest.mark.requirement("R103")
	def test_a_head_gives_to_anybody(self, as_user: Callable, anna: str, department: str):
		head = make_staff("change-head", "Dealer Sales Head", department=department)
		used = make_department("Change Used")
		uma = make_staff("change-uma", "Dealer Sales Manager", department=used)
		name = make_held(LEAD, "CHANGE-8", anna, department)
		with as_user(head):
			lead = frappe.get_doc(LEAD, name)
			lead.update({"responsible": uma, "department": used})
			lead.save()
		assert frappe.db.get_value(LEAD, name, ["responsible", "department"]) == (uma, used)

	@pytest.mark.requirement("R149")
	def test_over_rest_a_foreign_lead_is_not_pulled_over(self, api: Callable, anna: str, department: str):
		boris = make_staff("change-boris", "Dealer Sales Manager", department=department)
		name = make_held(LEAD, "CHANGE-9", boris, department)
		session = api(anna)
		assert (
			session.put(f"/api/resource/{LEAD}/{name}", json={"responsible": anna, "queue": anna}).status_code
			== 403
		)
		own, used = make_held(LEAD, "CHANGE-10", anna, department), make_department("Change Used")
		frappe.db.commit()
		answer = session.put(f"/api/resource/{LEAD}/{own}", json={"department": used})
		assert answer.status_code == 403, answer.text
		frappe.db.rollback()
		assert frappe.db.get_value(LEAD, name, "responsible") == boris

	def test_the_queue_is_not_taken_from_the_browser(self, as_user: Callable, anna: str, department: str):
		boris = make_staff("change-boris", "Dealer Sales Manager", department=department)
		name = make_held(LEAD, "CHANGE-11", anna, department)
		with as_user(anna):
			lead = frappe.get_doc(LEAD, name)
			lead.queue = boris
			lead.save()
		assert frappe.db.get_value(LEAD, name, "queue") == anna
