"""Two cards of one client become one, with everything that belongs to them, and apart again."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from factories import (
	make_contact,
	make_department,
	make_pipeline,
	make_pipeline_deal,
	make_staff,
	make_vehicle,
)

import frappe
from frappe.utils import add_days, now_datetime

from auto_dealer.clients import api, merge_documents
from auto_dealer.clients.find_contact import find_contact
from auto_dealer.clients.merge_documents import CannotMerge, CannotUndoMerge
from auto_dealer.clients.search_index import search

KEPT_PHONE, REMOVED_PHONE = "+79165551001", "+79165551002"


def make_lead(**values):
	values = {"enquiry_type": "Primary Visit", "is_separate_enquiry": 1, **values}
	return frappe.get_doc({"doctype": "Auto Lead", **values}).insert()


@pytest.fixture
def two() -> SimpleNamespace:
	"""Two cards of one person; the second has a deal, a lead, a car, a comment, a file, a talk and a customer."""
	make_pipeline("Merge Pipeline")
	kept = make_contact("Иван", [KEPT_PHONE], ["ivan@mail.ru"])
	removed = make_contact(
		"Иван Дубль",
		[REMOVED_PHONE, "101"],
		["double@mail.ru"],
		designation="Директор",
		dealer_client_kind="Fleet",
	)
	customer = frappe.get_doc(
		{"doctype": "Customer", "customer_name": "ООО Слияние", "customer_type": "Company"}
	).insert()
	removed.append("links", {"link_doctype": "Customer", "link_name": customer.name})
	removed.save()
	deal = make_pipeline_deal("Merge Pipeline", contact=removed.name, phone=REMOVED_PHONE)
	lead = make_lead(client_name="Иван", phone=REMOVED_PHONE)
	car = make_vehicle(licence_plate="а555мр77", owner_contact=removed.name)
	removed.add_comment("Comment", "старый разговор")
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "merge.txt",
			"content": "x",
			"attached_to_doctype": "Contact",
			"attached_to_name": removed.name,
		}
	).insert()
	talk = frappe.get_doc(
		{
			"doctype": "Communication",
			"subject": "x",
			"content": "x",
			"reference_doctype": "Contact",
			"reference_name": removed.name,
		}
	).insert()
	return SimpleNamespace(
		kept=kept,
		removed=removed.reload() or removed,
		customer=customer,
		deal=deal,
		lead=lead,
		car=car,
		file=file,
		talk=talk,
	)


def owners(two) -> dict[str, str]:
	"""Whom everything belongs to now."""
	return {
		"deal": frappe.db.get_value("Auto Deal", two.deal.name, "contact"),
		"lead": frappe.db.get_value("Auto Lead", two.lead.name, "contact"),
		"car": frappe.db.get_value("Auto Vehicle", two.car.name, "owner_contact"),
		"car history": frappe.db.get_value("Vehicle Owner", {"parent": two.car.name}, "contact"),
		"file": frappe.db.get_value("File", two.file.name, "attached_to_name"),
		"talk": frappe.db.get_value("Communication", two.talk.name, "reference_name"),
		"comment": frappe.db.get_value("Comment", {"content": "старый разговор"}, "reference_name"),
		"phone": find_contact(REMOVED_PHONE),
		"email": find_contact(email="double@mail.ru"),
	}


# -- contacts --------------------------------------------------------------------------------------


@pytest.mark.requirement("R145")
def test_the_preview_shows_both_cards_and_what_moves(two):
	plan = api.merge_preview("Contact", two.kept.name, two.removed.name)
	fields = {row["fieldname"]: row for row in plan["fields"]}
	assert (fields["full_name"]["kept"], fields["full_name"]["removed"]) == ("Иван", "Иван Дубль")
	assert fields["phone_nos"]["result"] == f"{KEPT_PHONE}, {REMOVED_PHONE}, 101"
	assert fields["designation"] == {
		"fieldname": "designation",
		"label": "Designation",
		"kept": "",
		"removed": "Директор",
		"result": "Директор",
	}
	moved = {row["doctype"]: row["count"] for row in plan["links"]}
	assert moved == {
		"Auto Deal": 1,
		"Auto Lead": 1,
		"Auto Vehicle": 1,
		"Comment": 1
		+ len(
			frappe.get_all(
				"Comment", {"reference_name": two.removed.name, "content": ("!=", "старый разговор")}
			)
		),
		"Communication": 1,
		"File": 1,
		"Vehicle Owner": 1,
	}
	assert frappe.db.exists("Contact", two.removed.name)


@pytest.mark.requirement("R145")
def test_everything_moves_to_the_card_that_stays(two):
	api.merge("Contact", two.kept.name, two.removed.name)
	assert set(owners(two).values()) == {two.kept.name}
	assert not frappe.db.exists("Contact", two.removed.name)
	kept = frappe.get_doc("Contact", two.kept.name)
	assert [row.phone for row in kept.phone_nos] == [KEPT_PHONE, REMOVED_PHONE, "101"]
	assert [row.email_id for row in kept.email_ids] == ["ivan@mail.ru", "double@mail.ru"]
	assert (kept.mobile_no, kept.email_id) == (KEPT_PHONE, "ivan@mail.ru")
	assert kept.get_link_for("Customer") == two.customer.name
	assert (kept.designation, kept.dealer_client_kind, kept.full_name) == ("Директор", "Fleet", "Иван")
	assert [row["name"] for row in search("5551002", doctypes=["Contact"])] == [two.kept.name]
	for parent in ("Contact Phone", "Contact Email", "Dynamic Link"):
		assert not frappe.db.exists(parent, {"parent": two.removed.name})


@pytest.mark.requirement("R145")
def test_undo_brings_back_both_cards_as_they_were(two):
	before = {doc.name: frappe.get_doc("Contact", doc.name).as_dict() for doc in (two.kept, two.removed)}
	name = api.merge("Contact", two.kept.name, two.removed.name)
	assert api.undo_merge(name) == {"restored": two.removed.name, "skipped": []}
	assert set(owners(two).values()) == {two.removed.name}
	restored = frappe.get_doc("Contact", two.removed.name).as_dict()
	assert frappe.as_json(restored) == frappe.as_json(before[two.removed.name])
	kept, kept_before = frappe.get_doc("Contact", two.kept.name), before[two.kept.name]
	for field in ("designation", "dealer_client_kind", "mobile_no", "email_id", "full_name"):
		assert (kept.get(field) or None) == (kept_before.get(field) or None), field
	assert [row.phone for row in kept.phone_nos] == [KEPT_PHONE]
	assert not kept.links
	assert find_contact(KEPT_PHONE) == two.kept.name
	assert [row["name"] for row in search("5551002", doctypes=["Contact"])] == [two.removed.name]
	record = frappe.get_doc("Client Merge", name)
	assert (record.status, record.undone_by) == ("Undone", "Administrator")
	with pytest.raises(CannotUndoMerge, match="undone already"):
		api.undo_merge(name)


def test_undo_leaves_alone_what_was_changed_since(two):
	name = api.merge("Contact", two.kept.name, two.removed.name)
	third = make_contact("Третий", ["+79165551003"])
	frappe.db.set_value("Auto Deal", two.deal.name, "contact", third.name)
	kept = frappe.get_doc("Contact", two.kept.name)
	kept.designation = "Владелец"
	kept.append("phone_nos", {"phone": "+79165551004"})
	kept.save()
	answer = api.undo_merge(name)
	assert answer["skipped"] == [{"doctype": "Auto Deal", "names": [two.deal.name]}]
	assert frappe.db.get_value("Auto Deal", two.deal.name, "contact") == third.name
	kept.reload()
	assert kept.designation == "Владелец"
	assert [row.phone for row in kept.phone_nos] == [KEPT_PHONE, "+79165551004"]
	assert find_contact("+79165551004") == two.kept.name


def test_undo_has_its_time(two):
	name = api.merge("Contact", two.kept.name, two.removed.name)
	days = frappe.get_single("Dealer Settings").merge_undo_days
	assert days == 30
	frappe.db.set_value("Client Merge", name, "merged_at", add_days(now_datetime(), -days - 1))
	with pytest.raises(CannotUndoMerge, match="within 30 days"):
		api.undo_merge(name)
	frappe.db.set_value("Client Merge", name, "merged_at", add_days(now_datetime(), -days + 1))
	assert api.undo_merge(name)["restored"] == two.removed.name


def test_a_chain_of_merges_comes_apart_in_any_order(two):
	third = make_contact("Третий", ["+79165551003"])
	first = api.merge("Contact", two.kept.name, two.removed.name)
	second = api.merge("Contact", third.name, two.kept.name)
	assert set(owners(two).values()) == {third.name}
	api.undo_merge(first)  # although the card that stayed then has been merged away since
	assert set(owners(two).values()) == {two.removed.name}
	api.undo_merge(second)
	assert find_contact(KEPT_PHONE) == two.kept.name
	assert find_contact(REMOVED_PHONE) == two.removed.name
	assert find_contact("+79165551003") == third.name


@pytest.mark.parametrize(
	("doctype", "cause"), [("Customer", "Only contacts and leads"), ("Contact", "two different")]
)
def test_what_cannot_be_merged(two, doctype, cause):
	with pytest.raises(CannotMerge, match=cause):
		api.merge(doctype, two.kept.name, two.kept.name)


def test_the_snapshot_keeps_the_whole_removed_card(two):
	name = api.merge("Contact", two.kept.name, two.removed.name)
	snapshot = json.loads(frappe.db.get_value("Client Merge", name, "snapshot"))
	assert snapshot["removed"]["name"] == two.removed.name
	assert [row["phone"] for row in snapshot["removed"]["phone_nos"]] == [REMOVED_PHONE, "101"]


# -- rights ----------------------------------------------------------------------------------------


@pytest.mark.requirement("R149")
def test_only_who_may_write_both_cards_merges(two, as_user):
	department = make_department("Merge Department")
	anna = make_staff("merge-anna", "Dealer Sales Manager", department=department)
	for name in (two.deal.name,):
		frappe.db.set_value("Auto Deal", name, {"responsible": anna, "queue": anna, "department": department})
	with as_user(anna):
		for call in (api.merge_preview, api.merge):
			with pytest.raises(frappe.PermissionError):
				call("Contact", two.removed.name, two.kept.name)
	own = make_pipeline_deal("Merge Pipeline", contact=two.kept.name)
	frappe.db.set_value("Auto Deal", own.name, {"responsible": anna, "queue": anna, "department": department})
	with as_user(anna):
		name = api.merge("Contact", two.kept.name, two.removed.name)
	assert frappe.db.get_value("Client Merge", name, "merged_by") == anna
	boris = make_staff("merge-boris", "Dealer Sales Manager", department=department)
	with as_user(boris), pytest.raises(frappe.PermissionError):
		api.undo_merge(name)
	with as_user(anna):
		assert api.undo_merge(name)["restored"] == two.removed.name


@pytest.mark.requirement("R149")
def test_merging_over_http(api, http, two):
	mechanic = make_staff("merge-mechanic", "Dealer Mechanic")
	arguments = {"doctype": "Contact", "kept": two.kept.name, "removed": two.removed.name}
	frappe.db.commit()
	method = "auto_dealer.clients.api.merge"
	assert http().call(method, **arguments).status_code == 403
	assert api(mechanic).call(method, **arguments).status_code == 403
	admin = api()
	assert admin.get(f"/api/method/{method}", params=arguments).status_code == 403  # a write is a POST
	name = admin.call(method, **arguments).json()["message"]
	assert (
		admin.call("auto_dealer.clients.api.undo_merge", merge=name).json()["message"]["restored"]
		== two.removed.name
	)
	assert admin.call("auto_dealer.clients.api.undo_merge", merge=name).status_code == 417


# -- leads -----------------------------------------------------------------------------------------


@pytest.mark.requirement("R2", "R3")
def test_a_merged_lead_stays_as_traffic(two):
	kept = make_lead(client_name="Пётр", phone="+79165551005")
	removed = make_lead(client_name="Пётр", email="petr@mail.ru", interest_text="хочет Camry")
	removed.add_comment("Comment", "по лиду")
	total = frappe.db.count("Auto Lead")
	name = api.merge("Auto Lead", kept.name, removed.name)
	assert frappe.db.count("Auto Lead") == total
	kept.reload()
	removed.reload()
	assert (kept.email, kept.interest_text) == ("petr@mail.ru", "хочет Camry")
	assert (removed.status, removed.lost_reason, removed.merged_into) == (
		"Junk",
		"Duplicate enquiry",
		kept.name,
	)
	assert frappe.db.get_value("Comment", {"content": "по лиду"}, "reference_name") == kept.name
	assert [row["name"] for row in search("petr@mail", doctypes=["Auto Lead"])] == [kept.name]
	with pytest.raises(CannotMerge):
		api.merge("Auto Lead", kept.name, removed.name)
	api.undo_merge(name)
	kept.reload()
	removed.reload()
	assert (removed.status, removed.lost_reason, removed.merged_into) == ("New", None, None)
	assert not kept.email
	assert frappe.db.get_value("Comment", {"content": "по лиду"}, "reference_name") == removed.name
	assert [row["name"] for row in search("petr@mail", doctypes=["Auto Lead"])] == [removed.name]


@pytest.mark.requirement("R10", "R11")
def test_a_lead_merged_into_one_with_a_deal_is_secondary_traffic(two):
	kept = make_lead(client_name="Пётр", phone="+79165551005")
	deal = make_pipeline_deal("Merge Pipeline", lead=kept.name, client_name="Пётр", phone="+79165551005")
	removed = make_lead(client_name="Пётр", phone="+79165551006")
	name = api.merge("Auto Lead", kept.name, removed.name)
	removed.reload()
	assert (removed.status, removed.deal, removed.is_secondary) == ("Attached to Deal", deal.name, 1)
	api.undo_merge(name)
	removed.reload()
	assert (removed.status, removed.deal) == ("New", None)


def test_the_deal_of_the_removed_lead_is_kept(two):
	kept = make_lead(client_name="Пётр", phone="+79165551005")
	removed = make_lead(client_name="Пётр", phone="+79165551006")
	deal = make_pipeline_deal("Merge Pipeline", lead=removed.name, client_name="Пётр", phone="+79165551006")
	name = api.merge("Auto Lead", kept.name, removed.name)
	kept.reload()
	assert (kept.deal, kept.status) == (deal.name, "Converted")
	assert frappe.db.get_value("Auto Deal", deal.name, "lead") == kept.name
	api.undo_merge(name)
	kept.reload()
	removed.reload()
	assert (kept.deal, kept.status) == (None, "New")
	assert (removed.deal, removed.status) == (deal.name, "Converted")
	assert frappe.db.get_value("Auto Deal", deal.name, "lead") == removed.name


# -- in parallel -----------------------------------------------------------------------------------


def test_of_two_merges_of_one_card_one_wins(committed):
	from test_clients_identity import in_parallel

	cards = [make_contact(f"Параллельный {n}", [f"+7916555200{n}"]).name for n in range(3)]
	frappe.db.commit()
	results = in_parallel(2, lambda number: merge_documents.merge("Contact", cards[number], cards[2]))
	frappe.db.rollback()
	refused = [result for result in results if isinstance(result, Exception)]
	assert len(refused) == 1, results
	assert isinstance(refused[0], CannotMerge)
	assert frappe.db.count("Client Merge", {"removed": cards[2]}) == 1
	assert find_contact("+79165552002") in cards[:2]


def test_crosswise_merges_do_not_deadlock_and_keep_one_card(committed):
	from test_clients_identity import in_parallel

	cards = [make_contact(f"Крест {n}", [f"+7916555300{n}"]).name for n in range(2)]
	frappe.db.commit()
	results = in_parallel(
		2, lambda number: merge_documents.merge("Contact", cards[number], cards[1 - number])
	)
	frappe.db.rollback()
	assert sorted(isinstance(result, Exception) for result in results) == [False, True], results
	assert isinstance(next(r for r in results if isinstance(r, Exception)), CannotMerge)
	assert len(frappe.get_all("Contact", {"name": ("in", cards)})) == 1
	assert find_contact("+79165553000") == find_contact("+79165553001")
