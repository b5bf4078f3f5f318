"""The workshop that a fresh site and the demo dealer start with."""

from __future__ import annotations

import pytest

import frappe
from frappe.utils import add_days, today

from auto_dealer.demo import marker
from auto_dealer.demo.workshop import OFFERINGS, RESOURCES, make_workshop
from auto_dealer.setup.workshop import SERVICE_GROUPS, SERVICE_SKILLS, add_workshop
from auto_dealer.workshop.offering_plan import plan
from auto_dealer.workshop.resources import suitable
from auto_dealer.workshop.working_time import open_intervals


@pytest.mark.requirement("R198")
def test_a_fresh_site_has_groups_and_skills_and_keeps_what_an_admin_made_of_them():
	groups = set(frappe.get_all("Service Group", pluck="name"))
	assert set(SERVICE_GROUPS) <= groups
	assert set(SERVICE_SKILLS) <= set(frappe.get_all("Service Skill", pluck="name"))
	assert frappe.db.get_value("Service Group", "Warranty Repair", "is_warranty")
	frappe.delete_doc("Service Group", "Detailing")
	add_workshop()
	assert not frappe.db.exists("Service Group", "Detailing")


@pytest.mark.requirement("R196", "R202", "R203")
def test_every_service_of_the_demo_can_be_done_by_somebody():
	made: dict[str, list[str]] = {}
	make_workshop(made)
	make_workshop(made)
	assert len(made.get("Service Resource", RESOURCES)) == len(RESOURCES)
	days = open_intervals(RESOURCES, today(), add_days(today(), 13))
	assert all(days[name] for name in RESOURCES)
	for name, *_rest in OFFERINGS:
		found = plan([name], {"make": "Toyota", "model": "Toyota Camry", "year": 2018})
		assert found.minutes > 0, name
		for need in found.needs:
			assert len(suitable(need)) >= need.count, (name, need)


def test_the_demo_workshop_is_removed_with_the_demo():
	made: dict[str, list[str]] = {}
	make_workshop(made)
	if not made:
		pytest.skip("the site has the demo dealer already")
	if not marker.is_seeded():
		marker.save(made)
		marker.remove()
		for doctype, names in made.items():
			assert not frappe.get_all(doctype, {"name": ("in", names)}), doctype
