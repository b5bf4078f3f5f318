"""Deals: what they need, who takes them to work, the board's data, figures; through documents and HTTP."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from factories import free_phone, make_deal, make_department, make_lead, make_pipeline, make_staff
from sql_counter import count_sql

import frappe

from auto_dealer.sales import board, dashboard
from auto_dealer.sales.errors import AlreadyTaken, DealNeedsLead, DealWithoutContact, LeadHasDeal
from auto_dealer.sales.take_to_work import take_to_work

MANAGER, HEAD = "Dealer Sales Manager", "Dealer Sales Head"


def unsorted_deal(department: str | None = None, **values):
	"""A deal that nobody has taken yet, in the department."""
	return make_deal(department=department, **values)


# -- what a deal needs -----------------------------------------------------------------------------


@pytest.mark.requirement("R12", "R13")
def test_a_deal_without_a_lead_is_refused_and_nothing_typed_is_lost():
	before = frappe.db.count("Auto Deal")
	with pytest.raises(DealNeedsLead):
		make_deal(
			lead=None,
			client_name="Пётр",
			phone="8 916 000-00-01",
			amount=5,
			vehicle_of_interest=[{"note": "белая"}],
		)
	answer = frappe.response["needs_lead"]
	assert answer["pipeline"] == "New Cars"
	values = answer["values"]
	assert (values["client_name"], values["amount"]) == ("Пётр", 5)
	assert values["vehicle_of_interest"][0]["note"] == "белая"
	assert frappe.db.count("Auto Deal") == before


@pytest.mark.requirement("R12", "R13")
def test_the_refusal_and_the_way_on_over_http(api, user_with):
	session = api(user_with(MANAGER))
	values = {"pipeline": "New Cars", "client_name": "Пётр", "phone": free_phone(), "amount": 5}
	refused = session.post("/api/resource/Auto Deal", json=values)
	assert (refused.status_code, refused.json()["exc_type"]) == (417, "DealNeedsLead")
	body = refused.json()["needs_lead"]
	made = session.call("auto_dealer.sales.api.create_lead_and_deal", values=body["values"])
	assert made.status_code == 200, made.text
	frappe.db.rollback()
	deal = frappe.get_doc("Auto Deal", made.json()["message"]["deal"])
	assert (deal.pipeline, deal.client_name, deal.amount, deal.phone) == (
		"New Cars",
		"Пётр",
		5,
		values["phone"],
	)
	assert deal.lead == made.json()["message"]["lead"]


@pytest.mark.requirement("R39")
def test_a_pipeline_that_needs_no_lead():
	deal = make_deal(pipeline="Body Repair", client_name="Пётр", phone=free_phone())
	assert not deal.lead
	assert deal.stage == "First Contact"


@pytest.mark.requirement("R61", "R46")
def test_a_deal_always_has_a_contact():
	with pytest.raises(DealWithoutContact):
		make_deal(pipeline="Body Repair", client_name=None, phone=None)
	deal = make_deal(pipeline="Body Repair", client_name="Пётр Первый", phone=None)
	assert frappe.db.get_value("Contact", deal.contact, "full_name") == "Пётр Первый"
	deal.contact = None
	deal.client_name = deal.phone = None
	with pytest.raises(DealWithoutContact):
		deal.save()


@pytest.mark.requirement("R48", "R143")
def test_a_repeat_client_is_filled_in():
	first = make_deal(pipeline="Body Repair", client_name="Анна Сергеева", phone=free_phone())
	second = make_deal(pipeline="Body Repair", client_name=None, phone=first.phone.replace("+7", "8 "))
	assert second.contact == first.contact
	assert (second.client_name, second.phone) == ("Анна Сергеева", first.phone)


def test_another_contact_brings_its_name_and_phone():
	first = make_deal(pipeline="Body Repair", client_name="Анна Сергеева", phone=free_phone())
	second = make_deal(pipeline="Body Repair", client_name="Пётр", phone=free_phone())
	second.contact = first.contact
	second.save()
	assert (second.client_name, second.phone) == (first.client_name, first.phone)


def test_one_lead_gives_one_deal():
	deal = make_deal()
	with pytest.raises(LeadHasDeal, match=deal.name):
		make_deal(lead=deal.lead)
	other = make_deal(pipeline="Body Repair")
	other.lead = deal.lead
	with pytest.raises(LeadHasDeal):
		other.save()


def test_links_to_nothing_are_refused():
	for values in (
		{"lead": "L-999999"},
		{"contact": "nobody"},
		{"vehicle": "no car"},
		{"ad_channel": "no channel"},
	):
		with pytest.raises(frappe.LinkValidationError):
			make_deal(**{"pipeline": "Body Repair", "client_name": "Пётр", **values})
	with pytest.raises(frappe.LinkValidationError, match="Row #1"):
		make_deal(pipeline="Body Repair", vehicle_of_interest=[{"make": "no make"}])


@pytest.mark.requirement("R38")
def test_the_channel_decides_the_pipeline():
	deal = make_deal(do_not_save=True, lead=make_lead().name)
	deal.update({"pipeline": None, "ad_channel": "Used Car Marketplace"})
	assert deal.insert().pipeline == "Used Cars"


@pytest.mark.requirement("R26")
def test_title_and_money_are_filled():
	deal = make_deal(client_name="Анна Сергеева", amount=10)
	assert deal.currency == board.company_currency()
	assert deal.title == "Анна Сергеева"
	make, model = frappe.get_all("Vehicle Model", fields=["make", "name"], limit=1, as_list=True)[0]
	deal.append("vehicle_of_interest", {"make": make, "model": model})
	deal.save()
	assert deal.title.startswith("Анна Сергеева – ")
	assert model in deal.title
	deal.title = "Мой заголовок"
	deal.save()
	deal.vehicle_of_interest = []
	deal.save()
	assert deal.title == "Мой заголовок"
	assert not frappe.db.exists("Deal Vehicle Interest", {"parent": deal.name})


def test_department_comes_from_the_pipeline_then_from_the_responsible():
	sales, repair = make_department("Test Sales"), make_department("Test Repair")
	anna = make_staff("anna", MANAGER, department=sales)
	pipeline = make_pipeline("With Department", department=repair).name
	assert make_deal(pipeline=pipeline, responsible=anna).department == repair
	deal = make_deal(pipeline="Body Repair", responsible=anna)
	assert (deal.department, deal.queue) == (sales, anna)
	assert make_deal(pipeline=pipeline).queue == f"@{repair}"


# -- take to work ----------------------------------------------------------------------------------


@pytest.mark.requirement("R45")
def test_taking_to_work(as_user):
	sales = make_department("Test Sales")
	anna = make_staff("anna", MANAGER, department=sales)
	deal = unsorted_deal(sales)
	assert (deal.stage, deal.is_unsorted, deal.queue) == ("Unsorted", 1, f"@{sales}")
	with as_user(anna):
		taken = take_to_work(deal.name)
		assert (taken.responsible, taken.stage, taken.is_unsorted, taken.queue) == (
			anna,
			"Vehicle Selection",
			0,
			anna,
		)
		assert take_to_work(deal.name).stage == "Vehicle Selection", "twice changes nothing"
	lead = frappe.get_doc("Auto Lead", deal.lead)
	assert (lead.responsible, lead.queue) == (anna, anna)
	assert lead.first_response_at
	log = frappe.get_all(
		"Deal Stage Log", {"deal": deal.name}, ["from_stage", "to_stage", "changed_by"], order_by="changed_at"
	)
	assert [(row.from_stage, row.to_stage) for row in log] == [
		(None, "Unsorted"),
		("Unsorted", "Vehicle Selection"),
	]
	assert log[1].changed_by == anna


@pytest.mark.requirement("R45")
def test_the_second_one_is_told_who_was_first(as_user):
	sales = make_department("Test Sales")
	anna, boris = (make_staff(name, MANAGER, department=sales) for name in ("anna", "boris"))
	deal = unsorted_deal(sales)
	with as_user(anna):
		take_to_work(deal.name)
	with as_user(boris), pytest.raises(AlreadyTaken, match="anna"):
		take_to_work(deal.name)
	assert frappe.response["taken_by"]["user"] == anna


def test_what_one_may_not_see_one_cannot_take(as_user):
	sales, repair = make_department("Test Sales"), make_department("Test Repair")
	boris = make_staff("boris", MANAGER, department=repair)
	deal = unsorted_deal(sales)
	with as_user(boris), pytest.raises(frappe.PermissionError):
		take_to_work(deal.name)
	deal.db_set({"responsible": "Administrator", "queue": "Administrator"})
	with as_user(boris), pytest.raises(frappe.PermissionError):
		take_to_work(deal.name)


@pytest.mark.requirement("R45")
def test_of_parallel_takers_one_wins(api):
	sales = make_department("Test Sales")
	people = [make_staff(f"taker{number}", MANAGER, department=sales) for number in range(6)]
	deal = unsorted_deal(sales)
	sessions = [api(person) for person in people]

	def take(session):
		return session.call("auto_dealer.sales.api.take_to_work", deal=deal.name)

	with ThreadPoolExecutor(6) as pool:
		answers = list(pool.map(take, sessions))
	assert sorted(answer.status_code for answer in answers) == [200] + [417] * 5, [
		a.text[:300] for a in answers
	]
	frappe.db.rollback()
	winner = frappe.db.get_value("Auto Deal", deal.name, "responsible")
	assert people[[a.status_code for a in answers].index(200)] == winner
	losers = [answer.json() for answer in answers if answer.status_code == 417]
	assert {(loser["exc_type"], loser["taken_by"]["user"]) for loser in losers} == {("AlreadyTaken", winner)}
	assert frappe.db.count("Deal Stage Log", {"deal": deal.name}) == 2


def test_a_head_who_gives_the_deal_away_starts_the_lead_too(as_user):
	sales = make_department("Test Sales")
	anna, boss = make_staff("anna", MANAGER, department=sales), make_staff("boss", HEAD, department=sales)
	deal = make_deal(do_not_save=True, department=sales)
	# As a channel makes it: nobody has spoken to the client.
	deal.flags.ignore_permissions = True
	deal.insert()
	with as_user(boss):
		deal = frappe.get_doc("Auto Deal", deal.name)
		deal.responsible = anna
		deal.save()
	lead = frappe.get_doc("Auto Lead", deal.lead)
	assert lead.responsible == anna
	assert not lead.first_response_at
	with as_user(anna):
		deal = frappe.get_doc("Auto Deal", deal.name)
		deal.stage = "Vehicle Selection"
		deal.save()
	assert frappe.db.get_value("Auto Lead", deal.lead, "first_response_at")


# -- the board -------------------------------------------------------------------------------------


@pytest.fixture
def pipeline() -> str:
	return make_pipeline("Board Pipeline").name


def columns(pipeline: str, **filters) -> dict[str, dict]:
	return {column["stage"]: column for column in board.get_board(pipeline, json.dumps(filters))["stages"]}


@pytest.mark.requirement("R33", "R26")
def test_the_board_counts_sums_and_shows(pipeline):
	for amount in (10, 20, 30):
		make_deal(pipeline=pipeline, amount=amount, responsible="Administrator")
	deal = make_deal(pipeline=pipeline, client_name="Анна", amount=5)
	deal.stage = "Drive"
	deal.save()
	found = columns(pipeline)
	assert list(found) == ["New", "Drive", "Contract", "Payment", "Won", "Lost"]
	assert [(c["count"], c["sum"]) for c in found.values()] == [
		(3, 60),
		(1, 5),
		(0, 0),
		(0, 0),
		(0, 0),
		(0, 0),
	]
	card = found["Drive"]["cards"][0]
	assert (card["name"], card["client_name"], card["amount"]) == (deal.name, "Анна", 5)
	assert "is_overdue" not in card
	assert found["New"]["cards"][0]["initials"] == "A"


def test_the_board_pages(pipeline):
	names = [make_deal(pipeline=pipeline).name for _ in range(25)]
	first = columns(pipeline)["New"]
	assert (first["count"], len(first["cards"])) == (25, 20)
	second = board.get_column(pipeline, "New", start=20)
	assert (len(second["cards"]), second["has_more"]) == (5, False)
	assert sorted(card["name"] for card in first["cards"] + second["cards"]) == names


def test_the_board_filters(pipeline):
	anna = make_staff("anna", MANAGER)
	phone = free_phone()
	hers = make_deal(pipeline=pipeline, responsible=anna, client_name="Зинаида Кузьмина", phone=phone)
	old = make_deal(pipeline=pipeline, ad_channel="Main Phone")
	old.db_set("creation", "2020-05-05 10:00:00", update_modified=False)

	def names(**filters):
		return {card["name"] for column in columns(pipeline, **filters).values() for card in column["cards"]}

	assert names() == {hers.name, old.name}
	assert names(responsible=anna) == {hers.name}
	assert names(ad_channel="Main Phone") == {old.name}
	assert names(from_date="2020-05-05", to_date="2020-05-05") == {old.name}
	assert names(text="зинаид") == names(text=phone[-6:]) == names(text=hers.name.lower()) == {hers.name}
	assert names(text="никого такого") == set()
	assert names(text="%") == names(text="'") == set()
	assert list(columns(pipeline, only_with_deals=1)) == ["New"]


@pytest.mark.requirement("R111")
def test_the_board_obeys_rights(pipeline, as_user):
	sales, repair = make_department("Test Sales"), make_department("Test % Repair")
	anna = make_staff("anna", MANAGER, department=sales)
	boris = make_staff("boris", MANAGER, department=repair)
	boss = make_staff("boss", HEAD, department=repair)
	for responsible, department in ((anna, sales), (boris, repair), (None, sales), (None, repair)):
		make_deal(pipeline=pipeline, responsible=responsible, department=department, amount=1)
	for user, count in ((anna, 2), (boris, 2), (boss, 2)):
		with as_user(user):
			column = columns(pipeline)["New"]
			assert (column["count"], column["sum"], len(column["cards"])) == (count, count, count), user
			assert len(board.get_column(pipeline, "New")["cards"]) == count
	with as_user("Guest"), pytest.raises(frappe.PermissionError):
		board.get_board(pipeline)


@pytest.mark.requirement("R31")
def test_overdue_cards_are_marked(pipeline):
	deal = make_deal(pipeline=pipeline)
	deal.db_set("stage_deadline", "2020-01-01 00:00:00")
	assert columns(pipeline)["New"]["cards"][0]["is_overdue"]


def test_the_board_is_cheap(pipeline, as_user):
	anna = make_staff("anna", MANAGER)
	for _ in range(3):
		make_deal(pipeline=pipeline, responsible=anna)
	with as_user(anna):
		board.get_board(pipeline)
		with count_sql() as counter:
			board.get_board(pipeline, {"responsible": anna})
	assert len(counter.all) <= 12, counter
	assert not counter.writes


def test_a_full_board_is_small(pipeline):
	for stage in ("New", "Drive", "Contract", "Payment"):
		for _ in range(20):
			deal = make_deal(pipeline=pipeline, client_name="Константинопольский Константин Константинович")
			deal.db_set("stage", stage)
	answer = frappe.as_json(board.get_board(pipeline), indent=None)
	assert len(answer.encode()) * 10 / 4 < 100 * 1024, "ten full columns fit"


# -- figures ---------------------------------------------------------------------------------------


@pytest.mark.requirement("R32")
def test_number_cards(as_user):
	sales = make_department("Test Sales")
	anna = make_staff("anna", MANAGER, department=sales)
	with as_user(anna):
		before = [
			card()["value"]
			for card in (dashboard.new_unsorted, dashboard.my_overdue, dashboard.won_this_month)
		]
	unsorted_deal(sales)
	mine = make_deal(responsible=anna, stage="Vehicle Selection")
	mine.db_set("stage_deadline", "2020-01-01")
	won = make_deal(responsible=anna, stage="Vehicle Selection")
	won.db_set({"is_closed": 1, "result": "Won", "closed_at": frappe.utils.now_datetime()})
	with as_user(anna):
		after = [
			card()["value"]
			for card in (dashboard.new_unsorted, dashboard.my_overdue, dashboard.won_this_month)
		]
	assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1]


@pytest.mark.requirement("R32")
def test_average_first_response(as_user):
	anna = make_staff("anna", MANAGER)
	for minutes in (10, 20, 0):
		lead = make_lead(responsible=anna)
		lead.db_set(
			"first_response_at",
			frappe.utils.add_to_date(lead.creation, minutes=minutes),
			update_modified=False,
		)
	with as_user(anna):
		assert dashboard.average_first_response()["value"] == 15


@pytest.mark.requirement("R32", "R11")
def test_the_summary_says_who_processed_what(as_user):
	sales = make_department("Summary Sales")
	anna, boss = make_staff("anna", MANAGER, department=sales), make_staff("boss", HEAD, department=sales)
	for values in ({"responsible": anna, "status": "In Progress"}, {"responsible": anna}, {}):
		make_lead(department=sales, **values)
	with as_user(boss):
		summary = dashboard.enquiry_summary()
	people = {person["responsible"]: person for person in summary["by_responsible"]}
	assert (people[anna]["leads"], people[anna]["processed"]) == (2, 1)
	assert summary["unsorted"] == summary["total"] - summary["processed"] >= 2


# -- cost ------------------------------------------------------------------------------------------


def test_creating_a_deal_is_cheap(as_user):
	anna = make_staff("anna", MANAGER)
	contacts = [make_deal(pipeline="Body Repair").contact for _ in range(2)]
	leads = [make_lead(contact=contact, is_separate_enquiry=1, responsible=anna).name for contact in contacts]
	with as_user(anna):
		values = {"amount": 1, "responsible": anna, "ad_channel": "Main Phone"}
		make_deal(lead=leads[0], **values)
		frappe.db.value_cache.clear()
		with count_sql() as counter:
			deal = make_deal(lead=leads[1], vehicle_of_interest=[{"note": "белая"}], **values)
	assert frappe.db.exists("Deal Stage Log", {"deal": deal.name})
	assert frappe.db.get_value("Auto Lead", leads[1], "status") == "Converted"
	assert len(counter.all) <= 14, counter
	assert len(counter.writes) <= 4, counter


def test_parallel_deals_do_not_fail(api, user_with):
	manager = user_with(MANAGER)
	leads = [make_lead(responsible=manager, client_name=f"Клиент {number}").name for number in range(64)]
	sessions = [api(manager) for _ in range(8)]

	def create(pair):
		number, lead = pair
		values = {
			"pipeline": "New Cars",
			"lead": lead,
			"responsible": manager,
			"vehicle_of_interest": [{"note": "x"}],
		}
		return sessions[number % 8].post("/api/resource/Auto Deal", json=values)

	with ThreadPoolExecutor(8) as pool:
		answers = list(pool.map(create, enumerate(leads)))
	assert {answer.status_code for answer in answers} == {200}, [
		a.text[:300] for a in answers if a.status_code != 200
	]
