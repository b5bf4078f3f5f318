"""What a customer changes on the deal's card without a programmer: own fields, values of lists, hidden fields."""

from __future__ import annotations

from collections.abc import Iterator
from types import MethodType

import pytest
from factories import make_pipeline, make_pipeline_deal

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_field
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.database.database import Database

from auto_dealer.pipelines.gate_error import StageGateError
from auto_dealer.pipelines.move_deal import move_deal

FIELD = "dealer_test_tyres"


@pytest.fixture
def own_field(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
	"""A field that the customer adds to the deal: it changes the table, so it is truly committed and taken away again."""
	field = {"fieldname": FIELD, "label": "Winter Tyres", "fieldtype": "Select", "options": "\nYes\nNo"}
	with monkeypatch.context() as patch:
		patch.setattr(frappe.local.db, "commit", MethodType(Database.commit, frappe.local.db))
		create_custom_field("Auto Deal", {**field, "insert_after": "object_kind"})
		frappe.db.commit()
	yield FIELD
	frappe.db.rollback()
	with monkeypatch.context() as patch:
		patch.setattr(frappe.local.db, "commit", MethodType(Database.commit, frappe.local.db))
		frappe.delete_doc("Custom Field", f"Auto Deal-{FIELD}", force=True)
		frappe.db.commit()
		frappe.db.sql_ddl(f"alter table `tabAuto Deal` drop column `{FIELD}`")
	frappe.clear_cache(doctype="Auto Deal")


@pytest.fixture
def hidden() -> Iterator[None]:
	"""After a test that hides a field the caches forget it."""
	yield
	frappe.db.rollback()
	frappe.clear_cache(doctype="Auto Deal")


@pytest.mark.requirement("R22")
def test_an_own_field_is_kept_listed_and_asked_for_by_a_stage(own_field: str):
	make_pipeline(
		stages=[
			{"stage_name": "New"},
			{"stage_name": "Contract", "required_fields": own_field},
			{"stage_name": "Won", "kind": "Won"},
			{"stage_name": "Lost", "kind": "Lost"},
		]
	)
	deal = make_pipeline_deal()
	with pytest.raises(StageGateError):
		move_deal(deal.name, "Contract")
	asked = frappe.response.pop("stage_gate")["fields"]
	assert [(field["fieldname"], field["label"]) for field in asked] == [(own_field, "Winter Tyres")]

	move_deal(deal.name, "Contract", values={own_field: "Yes"})
	found = frappe.get_list("Auto Deal", {own_field: "Yes"}, ["name", "stage", own_field])
	assert found == [{"name": deal.name, "stage": "Contract", own_field: "Yes"}]


@pytest.mark.requirement("R22", "R23")
def test_the_values_of_a_list_field_are_the_customers(own_field: str):
	make_property_setter(
		"Auto Deal", own_field, "options", "\nStudded\nPlain", "Text", validate_fields_for_doctype=False
	)
	make_pipeline()
	deal = make_pipeline_deal(**{own_field: "Studded"})
	assert deal.get(own_field) == "Studded"
	with pytest.raises(frappe.ValidationError, match="Winter Tyres"):
		make_pipeline_deal(**{own_field: "Yes"})


@pytest.mark.requirement("R24")
def test_a_field_that_is_not_needed_is_hidden_and_no_longer_asked_for(hidden: None):
	from auto_dealer.pipelines.check_pipeline import requirable_fields

	assert "object_kind" in {field.fieldname for field in requirable_fields()}
	make_property_setter("Auto Deal", "object_kind", "hidden", 1, "Check", validate_fields_for_doctype=False)
	assert frappe.get_meta("Auto Deal").get_field("object_kind").hidden == 1
	assert "object_kind" not in {field.fieldname for field in requirable_fields()}
	make_pipeline()
	assert make_pipeline_deal().name
