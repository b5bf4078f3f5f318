"""The demo dealer on a site: what it leaves, that it happens once, and that its removal takes nothing else."""

import time

import pytest
from factories import free_phone, make_lead

import frappe
from frappe.utils import add_days, now_datetime

from auto_dealer.demo import marker
from auto_dealer.demo.plan import DEALS, LEADS
from auto_dealer.demo.seed import seed
from auto_dealer.demo.staff import DEMO_DOMAIN, STAFF
from auto_dealer.setup.roles import ROLES

COUNTED = (
	"Contact",
	"Auto Vehicle",
	"Auto Lead",
	"Auto Deal",
	"User",
	"Department",
	"Deal Stage Log",
	"Customer",
	"Credit Application",
	"Vehicle Appraisal",
	"Service Booking",
	"Booking Hold",
	"Service Work Order",
)


def counts() -> dict[str, int]:
	return {doctype: frappe.db.count(doctype) for doctype in COUNTED}


@pytest.mark.requirement("R2", "R18", "R19", "R33", "R48", "R58", "R103", "R104", "R138", "R140")
def test_the_demo_dealer_is_whole_made_once_and_removed_alone():
	if marker.is_seeded():
		marker.remove()
	before = counts()
	started = time.monotonic()
	assert "300 Auto Deal" in seed()
	took = time.monotonic() - started
	made = marker.load()
	check_amounts(made, before)
	check_staff()
	check_deals(made["Auto Deal"])
	check_leads(made["Auto Lead"])
	check_cars(made["Auto Vehicle"])
	stages = set(frappe.get_all("Vehicle Appraisal", {"deal": ("in", made["Auto Deal"])}, pluck="stage"))
	assert {"New", "Offer", "Agreed", "Declined"} <= stages
	order_stages = set(
		frappe.get_all("Service Work Order", {"name": ("in", made["Service Work Order"])}, pluck="stage")
	)
	assert {"New", "Inspection", "Estimate", "Agreed"} <= order_stages
	assert took < 300, "under 90 s on a machine that does nothing else"

	after = counts()
	assert "already" in seed()
	assert counts() == after

	contact, stays = own_work_with_a_demo_client(made)
	marker.remove()
	assert not marker.is_seeded()
	left = counts()
	assert left["Auto Lead"] == before["Auto Lead"] + 1
	assert frappe.db.exists("Auto Lead", stays)
	assert frappe.db.exists("Contact", contact), "a client with a real enquiry is no demo any more"
	assert left["Contact"] <= before["Contact"] + 1
	assert (left["Auto Deal"], left["Deal Stage Log"]) == (before["Auto Deal"], before["Deal Stage Log"])
	assert (left["Auto Vehicle"], left["User"], left["Department"]) == tuple(
		before[doctype] for doctype in ("Auto Vehicle", "User", "Department")
	)
	for document in COUNTED[-5:]:
		assert left[document] == before[document], document
		assert after[document] > before[document], document
	for table in ("Client Search Token", "Comment"):
		gone = {"reference_doctype": "Auto Deal", "reference_name": ("in", made["Auto Deal"])}
		assert not frappe.db.exists(table, gone)


def check_amounts(made: dict, before: dict) -> None:
	assert len(made["Contact"]) == 200
	assert len(made["Auto Vehicle"]) == 120
	assert len(made["Auto Lead"]) == 400
	assert len(made["Auto Deal"]) == 300
	assert len(made["User"]) == 14
	assert len(made["Department"]) == 3
	assert counts()["Auto Deal"] == before["Auto Deal"] + 300


def check_staff() -> None:
	users = frappe.get_all("User", {"name": ("like", f"%@{DEMO_DOMAIN}"), "enabled": 1}, pluck="name")
	assert sorted(users) == sorted(person.email for person in STAFF)
	assert {person.role for person in STAFF} == set(ROLES)


def check_deals(names: list[str]) -> None:
	fields = [
		"name",
		"pipeline",
		"stage",
		"result",
		"creation",
		"contact",
		"lead",
		"responsible",
		"amount",
		"queue",
	]
	deals = frappe.get_all("Auto Deal", {"name": ("in", names)}, fields, limit=0)
	for pipeline, (opened, won, lost, _leads) in DEALS.items():
		of = [deal for deal in deals if deal.pipeline == pipeline]
		assert sorted(deal.result or "" for deal in of) == sorted(
			[""] * opened + ["Won"] * won + ["Lost"] * lost
		)
	assert len({(deal.pipeline, deal.stage) for deal in deals}) >= 35, (
		"nearly every column of every board has cards"
	)
	oldest = min(deal.creation for deal in deals)
	assert add_days(now_datetime(), -400) < oldest < add_days(now_datetime(), -250)
	assert all(deal.contact and deal.queue for deal in deals)
	log = frappe.get_all(
		"Deal Stage Log",
		{"deal": ("in", names)},
		["deal", "to_stage", "changed_at", "changed_by", "creation"],
		order_by="deal, changed_at",
		limit=0,
	)
	last: dict = {}
	for row in log:
		assert row.changed_at == row.creation
		last[row.deal] = row
	assert {deal.name: deal.stage for deal in deals} == {name: row.to_stage for name, row in last.items()}
	assert len({row.changed_by for row in log}) >= 5, "people moved them, not the machine"
	sold = [deal for deal in deals if deal.result == "Won" and deal.pipeline in ("New Cars", "Used Cars")]
	vehicles = frappe.get_all("Auto Deal", {"name": ("in", [deal.name for deal in sold])}, pluck="vehicle")
	assert len(vehicles) == len(set(vehicles)) == len(sold)
	photos = frappe.get_all(
		"File", {"attached_to_doctype": "Auto Deal", "attached_to_name": ("in", names)}, ["is_private"]
	)
	assert len(photos) >= 20
	assert all(photo.is_private for photo in photos)


def check_leads(names: list[str]) -> None:
	leads = frappe.get_all(
		"Auto Lead", {"name": ("in", names)}, ["status", "deal", "creation", "first_response_at"], limit=0
	)
	for status, count in LEADS.items():
		assert sum(lead.status == status for lead in leads) == count
	assert all(bool(lead.deal) == (lead.status in ("Converted", "Attached to Deal")) for lead in leads)
	assert all(lead.first_response_at is None or lead.first_response_at >= lead.creation for lead in leads)
	assert not frappe.db.exists("Version", {"ref_doctype": "Auto Lead", "docname": ("in", names)})


def check_cars(names: list[str]) -> None:
	cars = frappe.get_all(
		"Auto Vehicle", {"name": ("in", names)}, ["vin", "make", "ownership", "owner_contact"], limit=0
	)
	assert len({car.vin for car in cars}) == 120
	assert len({car.make for car in cars}) >= 12
	assert {car.ownership for car in cars} == {"Client", "Own Stock", "Commission", "Sold"}
	assert all(car.owner_contact for car in cars if car.ownership in ("Client", "Sold"))


def own_work_with_a_demo_client(made: dict) -> tuple[str, str]:
	"""A real enquiry of a demo client who stands for a firm: the contact and the lead. Both the person and the firm stay."""
	busy = set(frappe.get_all("Auto Deal", {"is_closed": 0}, pluck="contact"))
	firms = {"parenttype": "Contact", "link_doctype": "Customer", "link_name": ("in", made["Customer"])}
	people = set(frappe.get_all("Dynamic Link", firms, pluck="parent"))
	contact = next((name for name in made["Contact"] if name in people - busy), None)
	contact = contact or next(name for name in made["Contact"] if name not in busy)
	lead = make_lead(contact=contact, phone=free_phone(), client_name="Настоящий клиент")
	return contact, lead.name
