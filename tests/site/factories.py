"""All factories of the site tests: `make_<doctype>(**values)` gives a saved document of the named test company.

Each takes any field by name. Nothing is committed; see the fixtures for what is undone.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime
from site_fixtures import ensure_user


def test_company() -> str:
	"""The one company of the test site."""
	return frappe.get_all("Company", pluck="name", limit=1)[0]


test_company.__test__ = False  # a factory, not a test


def make_department(name: str, parent: str | None = None) -> str:
	"""The department's document name; below `parent` when given. An existing one is returned as it is."""
	company = test_company()
	found = frappe.db.get_value("Department", {"department_name": name, "company": company})
	if found:
		return found
	department = frappe.get_doc(
		{
			"doctype": "Department",
			"department_name": name,
			"company": company,
			"is_group": 1,
			"parent_department": parent or frappe.db.get_value("Department", {"lft": 1}),
		}
	)
	return department.insert().name


def make_staff(name: str, *roles: str, department: str | None = None) -> str:
	"""A desk user with these roles who works in the department; gives the user id."""
	user = ensure_user(*roles, name=name)
	if frappe.db.get_value("User", user, "dealer_department") != department:
		doc = frappe.get_doc("User", user)
		doc.dealer_department = department
		doc.save()
	return user


def make_row(doctype: str, **values: Any) -> Document:
	"""A row as it may lie in the table: no rule of the document is run, names and times are filled."""
	doc = frappe.new_doc(doctype)
	doc.update(values)
	doc.owner = doc.modified_by = values.get("owner") or "Administrator"
	doc.creation = doc.modified = now_datetime()
	doc.name = values.get("name") or frappe.generate_hash(length=10)
	doc.db_insert()
	for index, child in enumerate(doc.get_all_children(), 1):
		child.update({"parent": doc.name, "parenttype": doctype, "idx": index})
		child.name = frappe.generate_hash(length=10)
		child.db_insert()
	return doc
