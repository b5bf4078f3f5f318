"""Enquiries: what may be registered, repeat contacts, statuses, conversion; through documents and HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from factories import free_phone, make_deal, make_lead, make_staff
from sql_counter import count_sql

import frappe

from auto_dealer.sales.attach_lead import attach_lead
from auto_dealer.sales.client_history import get_history
from auto_dealer.sales.close_lead import close_lead
from auto_dealer.sales.convert_lead import convert_lead
from auto_dealer.sales.create_lead_and_deal import create_lead_and_deal
from auto_dealer.sales.errors import (
	ActiveDealExists,
	EmptyCard,
	LeadHasDeal,
	LeadStatusError,
	SecondaryWithoutDeal,
)
from auto_dealer.sales.take_to_work import take_lead_to_work

MANAGER = "Dealer Sales Manager"


def reason() -> str:
	return frappe.get_all("Lost Reason", pluck="name", limit=1)[0]


# -- registering -----------------------------------------------------------------------------------


@pytest.mark.requirement("R1", "R2")
def test_a_lead_is_numbered_and_its_client_is_read():
	lead = make_lead(client_name="  Иван   Петров ", phone="8 (916) 123-45-67", email=" Ivan@Mail.RU ")
	assert lead.name.startswith("L-")
	assert len(lead.name) == 8
	assert (lead.client_name, lead.phone, lead.email) == ("Иван Петров", "+79161234567", "ivan@mail.ru")
	assert lead.status == "New"


@pytest.mark.requirement("R15")
def test_an_empty_card_is_refused():
	with pytest.raises(EmptyCard):
		make_lead(client_name=" ", phone=None)
	for identity in ({"client_name": "Иван"}, {"messenger": "telegram:ivan"}):
		make_lead(**{"client_name": None, "phone": None, **identity})


@pytest.mark.requirement("R14")
def test_a_wrong_number_needs_no_client():
	lead = make_lead(client_name=None, phone=None, enquiry_type="Wrong Number")
	assert lead.status == "New"


def test_letters_are_no_phone():
	with pytest.raises(frappe.ValidationError, match="not a phone number"):
		make_lead(phone="позвоните мне")


@pytest.mark.parametrize("field", ["contact", "ad_channel", "responsible", "interest_make"])
def test_a_link_to_nothing_is_refused(field):
	with pytest.raises(frappe.LinkValidationError, match="no such"):
		make_lead(**{field: "no such"})


def test_a_link_keeps_the_spelling_of_its_target():
	lead = make_lead(ad_channel="main phone")
	assert lead.ad_channel == "Main Phone"


@pytest.mark.requirement("R143")
def test_the_contact_of_a_known_phone_is_found():
	deal = make_deal(pipeline="Body Repair", client_name="Анна Сергеева")
	phone = frappe.db.get_value("Contact", deal.contact, "mobile_no")
	deal.db_set("is_closed", 1)
	assert make_lead(phone=phone.replace("+7", "8")).contact == deal.contact


def test_who_registers_answers(as_user):
	anna = make_staff("anna", MANAGER)
	with as_user(anna):
		lead = make_lead()
	assert (lead.responsible, lead.queue) == (anna, anna)
	assert lead.first_response_at
	unsorted = make_lead()
	assert (unsorted.responsible, unsorted.queue, unsorted.first_response_at) == (None, "@", None)


# -- repeat contacts -------------------------------------------------------------------------------


def active_deal(**values):
	"""A deal of a client with a phone; gives (deal, phone)."""
	phone = free_phone()
	return make_deal(phone=phone, **values), phone


@pytest.mark.requirement("R8", "R9")
@pytest.mark.parametrize("enquiry_type", ["Secondary Visit", "Secondary Call", "Visit after Call"])
def test_a_secondary_enquiry_is_refused_and_the_deal_named(enquiry_type):
	deal, phone = active_deal(responsible="Administrator")
	before = frappe.db.count("Auto Lead")
	with pytest.raises(ActiveDealExists, match=deal.name):
		make_lead(phone=phone, enquiry_type=enquiry_type)
	answer = frappe.response["active_deal"]
	assert answer["can_separate"] is False
	assert answer["deals"] == [
		{
			"name": deal.name,
			"title": deal.title,
			"responsible": "Administrator",
			"responsible_name": "Administrator",
			"stage": deal.stage,
			"pipeline": "New Cars",
		}
	]
	assert frappe.db.count("Auto Lead") == before


@pytest.mark.requirement("R8")
def test_a_secondary_enquiry_cannot_be_made_separate():
	_deal, phone = active_deal()
	with pytest.raises(ActiveDealExists):
		make_lead(phone=phone, enquiry_type="Secondary Call", is_separate_enquiry=1)


@pytest.mark.requirement("R9")
def test_a_primary_enquiry_may_go_on_as_a_separate_one():
	_deal, phone = active_deal()
	with pytest.raises(ActiveDealExists):
		make_lead(phone=phone)
	assert frappe.response["active_deal"]["can_separate"] is True
	lead = make_lead(phone=phone, is_separate_enquiry=1)
	assert (lead.status, lead.is_secondary) == ("New", 0)


@pytest.mark.requirement("R8")
def test_a_secondary_enquiry_of_a_stranger_is_refused():
	with pytest.raises(SecondaryWithoutDeal):
		make_lead(enquiry_type="Secondary Call")


@pytest.mark.parametrize("known_by", ["email", "messenger", "customer", "contact"])
def test_the_client_is_the_same_by_any_key(known_by):
	values = {"email": "repeat@example.com", "messenger": "telegram:repeat"}
	lead = make_lead(**values)
	deal = frappe.get_doc("Auto Deal", convert_lead(lead.name))
	deal.db_set("customer", make_customer())
	known = {**values, "customer": deal.customer, "contact": deal.contact}[known_by]
	with pytest.raises(ActiveDealExists, match=deal.name):
		make_lead(client_name=None, phone=None, **{known_by: known})


def make_customer() -> str:
	return (
		frappe.get_doc({"doctype": "Customer", "customer_name": "ООО Ромашка", "customer_type": "Company"})
		.insert()
		.name
	)


def test_a_closed_deal_is_not_active():
	deal, phone = active_deal()
	deal.db_set("is_closed", 1)
	assert make_lead(phone=phone).status == "New"


def test_the_same_pipeline_first_then_the_newest():
	deal, phone = active_deal()
	repair = make_deal(pipeline="Body Repair", contact=deal.contact)
	frappe.db.set_value("Auto Deal", deal.name, "creation", "2020-01-01", update_modified=False)
	with pytest.raises(ActiveDealExists):
		make_lead(phone=phone)
	assert [row["name"] for row in frappe.response["active_deal"]["deals"]] == [repair.name, deal.name]


def test_a_phone_typed_into_an_old_lead_is_checked_too():
	_deal, phone = active_deal()
	lead = make_lead(phone=None)
	lead.phone = phone
	with pytest.raises(ActiveDealExists):
		lead.save()


@pytest.mark.requirement("R10", "R11")
def test_attached_leads_count_as_secondary_traffic():
	deal, phone = active_deal(responsible="Administrator")
	values = {
		"phone": phone,
		"client_name": "Иван",
		"enquiry_type": "Secondary Visit",
		"interest_text": "<b>цена?</b>",
	}
	lead = attach_lead(deal.name, values=values)
	assert (lead.status, lead.deal, lead.is_secondary) == ("Attached to Deal", deal.name, 1)
	assert (lead.contact, lead.responsible) == (deal.contact, "Administrator")
	comment = frappe.get_last_doc("Comment", {"reference_doctype": "Auto Deal", "reference_name": deal.name})
	assert lead.name in comment.content
	assert "&lt;b&gt;цена?" in comment.content
	assert frappe.db.count("Auto Deal", {"contact": deal.contact}) == 1
	assert attach_lead(deal.name, lead=lead.name).name == lead.name, "repeating changes nothing"


@pytest.mark.requirement("R10")
def test_a_saved_lead_is_attached():
	lead = make_lead(phone=None)
	deal, _phone = active_deal()
	lead = attach_lead(deal.name, lead=lead.name)
	assert (lead.status, lead.deal, lead.contact) == ("Attached to Deal", deal.name, deal.contact)
	with pytest.raises(LeadHasDeal):
		convert_lead(lead.name)


def test_a_lead_given_with_its_deal_is_attached():
	deal, phone = active_deal()
	lead = make_lead(phone=phone, enquiry_type="Secondary Call", deal=deal.name)
	assert (lead.status, lead.is_secondary) == ("Attached to Deal", 1)


def test_nothing_is_attached_to_a_closed_deal():
	deal, _phone = active_deal()
	deal.db_set("is_closed", 1)
	with pytest.raises(LeadHasDeal, match="closed"):
		attach_lead(deal.name, lead=make_lead(phone=None).name)


def test_attaching_to_a_strangers_deal_that_one_cannot_see(as_user):
	anna, boris = make_staff("anna", MANAGER), make_staff("boris", MANAGER)
	deal, phone = active_deal(responsible=boris)
	with as_user(anna):
		assert not frappe.has_permission("Auto Deal", "read", doc=deal.name)
		with pytest.raises(frappe.PermissionError):
			attach_lead(deal.name, values={"client_name": "Другой", "enquiry_type": "Primary Call"})
		lead = attach_lead(deal.name, values={"phone": phone, "enquiry_type": "Secondary Call"})
	assert lead.deal == deal.name


# -- statuses --------------------------------------------------------------------------------------


@pytest.mark.requirement("R14")
@pytest.mark.parametrize("status", ["Junk", "Refused"])
def test_sifting_out_needs_a_reason(status):
	lead = make_lead()
	lead.status = status
	with pytest.raises(LeadStatusError, match="reason"):
		lead.save()
	closed = close_lead(make_lead().name, status, reason())
	assert (closed.status, closed.lost_reason) == (status, reason())
	assert closed.first_response_at


@pytest.mark.parametrize("status", ["Converted", "Attached to Deal"])
def test_statuses_of_use_cases_are_not_set_by_hand(status):
	with pytest.raises(LeadStatusError):
		make_lead(status=status)
	lead = make_lead()
	lead.status = status
	with pytest.raises(LeadStatusError):
		lead.save()


def test_the_deal_of_a_lead_is_not_typed_in():
	deal, _phone = active_deal()
	lead = make_lead(phone=None)
	lead.deal = deal.name
	with pytest.raises(LeadStatusError):
		lead.save()


def test_a_converted_lead_stays_converted():
	lead = make_lead()
	convert_lead(lead.name)
	lead.reload()
	lead.status = "New"
	with pytest.raises(LeadStatusError):
		lead.save()


def test_taking_a_lead(as_user):
	anna = make_staff("anna", MANAGER)
	lead = make_lead()
	with as_user(anna):
		taken = take_lead_to_work(lead.name)
		assert (taken.status, taken.responsible, taken.queue) == ("In Progress", anna, anna)
		assert taken.first_response_at
		assert str(take_lead_to_work(lead.name).modified) == str(taken.modified), "twice changes nothing"


# -- conversion ------------------------------------------------------------------------------------


@pytest.mark.requirement("R1", "R16", "R61")
def test_a_lead_becomes_a_deal_with_a_contact():
	lead = make_lead(ad_channel="Used Car Marketplace", interest_text="до миллиона", budget=1_000_000)
	deal = frappe.get_doc(
		"Auto Deal", convert_lead(lead.name, values={"amount": 5, "name": "X", "result": "Won"})
	)
	assert (deal.pipeline, deal.lead, deal.ad_channel, deal.amount) == (
		"Used Cars",
		lead.name,
		"Used Car Marketplace",
		5,
	)
	assert frappe.db.get_value("Contact", deal.contact, "mobile_no") == lead.phone == deal.phone
	assert [(row.note, row.budget) for row in deal.vehicle_of_interest] == [("до миллиона", 1_000_000)]
	assert not deal.is_closed
	assert not deal.result
	lead.reload()
	assert (lead.status, lead.deal, lead.contact) == ("Converted", deal.name, deal.contact)
	assert lead.first_response_at


def test_converting_twice_gives_the_same_deal():
	lead = make_lead()
	assert convert_lead(lead.name) == convert_lead(lead.name)
	assert frappe.db.count("Auto Deal", {"lead": lead.name}) == 1


def test_a_client_who_got_a_deal_meanwhile_gets_no_second_one():
	phone = free_phone()
	first, second = make_lead(phone=phone), make_lead(phone=phone)
	deal = convert_lead(first.name)
	with pytest.raises(ActiveDealExists, match=deal):
		convert_lead(second.name)


def test_a_strangers_lead_is_neither_converted_nor_closed(api):
	anna, boris = make_staff("anna", MANAGER), make_staff("boris", MANAGER)
	lead, session = make_lead(responsible=anna).name, api(boris)
	for function, values in (
		("convert_lead", {}),
		("close_lead", {"status": "Junk", "lost_reason": reason()}),
		("take_lead_to_work", {}),
		("client_history", {"doctype": "Auto Lead", "name": lead}),
	):
		arguments = values if "name" in values else {"lead": lead, **values}
		answer = session.call(f"auto_dealer.sales.api.{function}", **arguments)
		# An unsorted lead of no department could have been seen by both: the loser is told who took it.
		assert answer.status_code == (417 if function == "take_lead_to_work" else 403), (
			function,
			answer.text[:300],
		)
	frappe.db.rollback()
	assert frappe.db.get_value("Auto Lead", lead, ["status", "responsible"]) == ("New", anna)


def test_a_junk_lead_is_not_converted():
	lead = close_lead(make_lead().name, "Junk", reason())
	with pytest.raises(LeadStatusError):
		convert_lead(lead.name)


@pytest.mark.requirement("R13", "R46")
def test_lead_and_deal_in_one_click():
	made = create_lead_and_deal(
		{"client_name": "Пётр", "pipeline": "New Cars", "amount": 7, "source_text": "друг"}
	)
	deal, lead = frappe.get_doc("Auto Deal", made["deal"]), frappe.get_doc("Auto Lead", made["lead"])
	assert (deal.lead, deal.amount, deal.client_name) == (lead.name, 7, "Пётр")
	assert (lead.status, lead.source_text, lead.enquiry_type) == ("Converted", "друг", "Primary Visit")


@pytest.mark.requirement("R48")
def test_the_history_of_a_repeat_client():
	deal, phone = active_deal()
	deal.db_set("is_closed", 1)
	lead = make_lead(phone=phone)
	history = get_history("Auto Lead", lead.name)
	assert [row.name for row in history["deals"]] == [deal.name]
	assert [row.name for row in history["leads"]] == [deal.lead]
	assert (history["lead_count"], history["deal_count"]) == (1, 1)


# -- deleting --------------------------------------------------------------------------------------

STAFF = (
	"Dealer Sales Manager",
	"Dealer Sales Head",
	"Dealer Administrator",
	"Dealer Marketer",
	"Dealer Service Advisor",
	"System Manager",
)


@pytest.mark.requirement("R3")
@pytest.mark.parametrize("role", STAFF)
def test_nobody_deletes_by_any_door(api, user_with, role):
	user = user_with(role)
	lead = make_lead(responsible=user)
	deal = make_deal(responsible=user, phone=free_phone())
	session = api(user)
	rename = {"method": "rename", "args": '{"name": "X-2", "force": true}'}
	for doctype, name in (("Auto Lead", lead.name), ("Auto Deal", deal.name)):
		answers = [
			session.delete(f"/api/resource/{doctype}/{name}"),
			session.call("frappe.client.delete", doctype=doctype, name=name),
			session.call("frappe.desk.reportview.delete_items", doctype=doctype, items=f'["{name}"]'),
			session.call(
				"frappe.client.rename_doc", doctype=doctype, old_name=name, new_name="X-1", merge=False
			),
			session.post("/api/method/run_doc_method", json={"dt": doctype, "dn": name, **rename}),
			session.call(
				"frappe.model.rename_doc.update_document_title", doctype=doctype, docname=name, name="X-3"
			),
		]
		frappe.db.rollback()
		assert frappe.db.exists(doctype, name), [answer.text for answer in answers]
		# The bulk delete answers 200 and lists what it could not delete.
		assert all(a.status_code in (403, 417) for a in (*answers[:2], *answers[3:5])), [
			a.text for a in answers
		]


@pytest.mark.requirement("R3")
def test_the_portal_administrator_deletes(api, user_with):
	lead = make_lead()
	session = api(user_with("Dealer Portal Administrator"))
	assert session.delete(f"/api/resource/Auto Lead/{lead.name}").status_code == 202
	frappe.db.rollback()
	assert not frappe.db.exists("Auto Lead", lead.name)
	assert not frappe.db.exists("Client Search Token", {"reference_name": lead.name})


# -- over HTTP -------------------------------------------------------------------------------------


@pytest.mark.requirement("R8", "R9")
def test_the_refusal_over_rest_names_the_deal(api, user_with):
	deal, phone = active_deal()
	values = {"client_name": "Иван", "phone": phone, "enquiry_type": "Secondary Call"}
	answer = api(user_with(MANAGER)).post("/api/resource/Auto Lead", json=values)
	assert answer.status_code == 417
	assert answer.json()["exc_type"] == "ActiveDealExists"
	assert answer.json()["active_deal"]["deals"][0]["name"] == deal.name


def test_parallel_conversions_make_one_deal(api, user_with):
	manager = user_with(MANAGER)
	lead = make_lead(responsible=manager)
	sessions = [api(manager) for _ in range(6)]

	def convert(session):
		return session.call("auto_dealer.sales.api.convert_lead", lead=lead.name)

	with ThreadPoolExecutor(6) as pool:
		answers = list(pool.map(convert, sessions))
	assert [answer.status_code for answer in answers] == [200] * 6, [answer.text[:300] for answer in answers]
	assert len({answer.json()["message"] for answer in answers}) == 1
	frappe.db.rollback()
	assert frappe.db.count("Auto Deal", {"lead": lead.name}) == 1
	assert frappe.db.count("Contact", {"mobile_no": lead.phone}) == 1


def test_parallel_conversions_of_two_leads_of_one_client_make_one_deal(api, user_with):
	manager, phone = user_with(MANAGER), free_phone()
	leads = [make_lead(phone=phone, responsible=manager).name for _ in range(4)]
	sessions = [api(manager) for _ in leads]

	def convert(pair):
		return pair[0].call("auto_dealer.sales.api.convert_lead", lead=pair[1])

	with ThreadPoolExecutor(4) as pool:
		answers = list(pool.map(convert, zip(sessions, leads, strict=True)))
	assert sorted(answer.status_code for answer in answers) == [200, 417, 417, 417], [
		a.text[:300] for a in answers
	]
	assert {a.json()["exc_type"] for a in answers if a.status_code == 417} == {"ActiveDealExists"}
	frappe.db.rollback()
	assert frappe.db.count("Auto Deal", {"phone": phone}) == 1


def test_parallel_creates_do_not_fail(api, user_with):
	manager = user_with(MANAGER)
	sessions = [api(manager) for _ in range(8)]

	def create(number):
		values = {
			"client_name": f"Клиент {number}",
			"phone": f"+7904{number:07d}",
			"enquiry_type": "Primary Call",
		}
		return sessions[number % 8].post("/api/resource/Auto Lead", json=values).status_code

	with ThreadPoolExecutor(8) as pool:
		assert set(pool.map(create, range(80))) == {200}


# -- cost ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [False, True], ids=["new client", "known client"])
def test_creating_a_lead_is_cheap(as_user, known):
	anna = make_staff("anna", MANAGER)
	phones = [free_phone() for _ in range(3)]
	if known:
		for phone in phones:
			make_deal(pipeline="Body Repair", phone=phone).db_set("is_closed", 1)
	with as_user(anna):
		make_lead(phone=phones[0], ad_channel="Main Phone")
		frappe.db.value_cache.clear()
		with count_sql() as counter:
			make_lead(phone=phones[1], ad_channel="Main Phone", email="cheap@example.com")
	assert len(counter.all) <= 16, counter
	assert len(counter.writes) <= 5, counter
