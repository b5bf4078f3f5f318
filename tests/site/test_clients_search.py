"""Quick search, possible duplicates and the client's card: everything by fragments, nothing past the rights."""

from __future__ import annotations

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

from auto_dealer.clients import api
from auto_dealer.clients.client_card import get_card
from auto_dealer.clients.search_index import index_document, search

SECRET_PHONE = "+79165557788"


class Dealer:
	"""Anna's and Boris's clients with deals, cars and enquiries; people of several roles."""

	def __init__(self) -> None:
		department = make_department("Search Department")
		self.department = department
		self.boris = self.person("boris", "Dealer Sales Manager")
		make_pipeline("Search Pipeline")
		self.client = make_contact(
			"Аркадий Поисковый",
			[SECRET_PHONE, "+74955551122"],
			["arkady.poisk@mail.ru"],
			dealer_client_kind="Fleet",
		)
		self.car = make_vehicle(
			vin="XTA210990Y7654321",
			licence_plate="у987тх199",
			year=2020,
			owner_contact=self.client.name,
			mileage=50000,
		)
		self.deal = make_pipeline_deal(
			"Search Pipeline",
			contact=self.client.name,
			phone=SECRET_PHONE,
			vehicle=self.car.name,
			responsible=self.boris,
			department=department,
			amount=1500000,
		)
		self.lead = frappe.get_doc(
			{
				"doctype": "Auto Lead",
				"client_name": "Аркадий Поисковый",
				"phone": SECRET_PHONE,
				"enquiry_type": "Primary Visit",
				"is_separate_enquiry": 1,
				"responsible": self.boris,
				"department": department,
			}
		).insert()

	def person(self, name: str, role: str) -> str:
		"""A colleague in the same department; users are made when a test needs them."""
		return make_staff(f"search-{name}", role, department=self.department)

	@property
	def anna(self) -> str:
		return self.person("anna", "Dealer Sales Manager")


@pytest.fixture
def dealer() -> Dealer:
	return Dealer()


def found(text: str) -> set[tuple[str, str]]:
	return {(row["doctype"], row["name"]) for row in api.quick_search(text)}


# -- by what a client is found ---------------------------------------------------------------------


@pytest.mark.requirement("R137", "R143", "R144")
@pytest.mark.parametrize(
	"text",
	[
		"Поисковый",
		"поиск",
		"арк поиск",
		"поисковый аркадий",
		"7788",
		"8 (916) 555-77-88",
		"916555",
		"495555",
		"arkady",
		"poisk@mail",
		"ARKADY.POISK@MAIL.RU",
	],
)
def test_clients_deals_and_leads_by_fragments(dealer, text):
	rows = found(text)
	assert ("Contact", dealer.client.name) in rows
	assert ("Auto Deal", dealer.deal.name) in rows
	assert ("Auto Vehicle", dealer.car.name) not in rows


@pytest.mark.requirement("R138", "R144")
@pytest.mark.parametrize(
	"text",
	["XTA210990Y7654321", "хта21099", "7654", "у987тх199", "Y987TX", "987тх", "у 987 тх 199", "camry 2020"],
)
def test_cars_and_their_deals_by_fragments(dealer, text):
	rows = found(text)
	assert ("Auto Vehicle", dealer.car.name) in rows
	assert ("Auto Deal", dealer.deal.name) in rows


@pytest.mark.requirement("R139")
def test_a_result_says_what_it_is_and_where_it_opens(dealer):
	rows = {row["doctype"]: row for row in api.quick_search("поисковый")}
	deal, contact = rows["Auto Deal"], rows["Contact"]
	assert deal["route"] == ["Form", "Auto Deal", dealer.deal.name]
	assert (deal["stage"], deal["responsible_name"]) == (dealer.deal.stage, "search-boris")
	assert contact["phone"] == SECRET_PHONE
	assert contact["busy_with"] == [{"title": dealer.deal.title, "responsible_name": "search-boris"}]
	assert rows["Auto Lead"]["stage"] == dealer.lead.status


@pytest.mark.parametrize(
	"as_typed", [str.lower, str.upper, lambda name: name.replace("-0", " 0").replace("-", "")]
)
def test_deals_and_leads_by_their_number(dealer, as_typed):
	assert ("Auto Deal", dealer.deal.name) in found(as_typed(dealer.deal.name))
	assert ("Auto Lead", dealer.lead.name) in found(as_typed(dealer.lead.name))


@pytest.mark.parametrize(
	"text", ["", " ", "%", "%%", "__", "'; drop table tabContact; --", "a" * 5000, "🚗", "\\", "\x00", "и"]
)
def test_odd_texts_find_nothing_and_do_no_harm(dealer, text):
	assert ("Contact", dealer.client.name) not in found(text)


def test_a_change_of_the_card_changes_what_finds_it(dealer):
	contact = frappe.get_doc("Contact", dealer.client.name)
	contact.phone_nos = contact.phone_nos[1:]
	contact.first_name = "Аркадий Переименованный"
	contact.save()
	assert ("Contact", contact.name) in found("переименов")
	assert ("Contact", contact.name) not in found("поисковый")
	assert ("Contact", contact.name) not in found("5557788")
	dealer.car.licence_plate = "в111вв77"
	dealer.car.save()
	assert ("Auto Vehicle", dealer.car.name) in found("b111bb")
	assert ("Auto Vehicle", dealer.car.name) not in found("у987тх")


def test_customers_are_found(dealer):
	customer = frappe.get_doc(
		{
			"doctype": "Customer",
			"customer_name": "ООО Искомое",
			"customer_type": "Company",
			"tax_id": "7707083893",
		}
	).insert()
	assert ("Customer", customer.name) in found("искомое")
	assert ("Customer", customer.name) in found("7707083893")
	customer.delete()
	assert ("Customer", customer.name) not in found("искомое")


def test_one_statement_asks_the_index_whatever_is_typed(monkeypatch):
	sent = []
	real = frappe.db.sql
	monkeypatch.setattr(
		frappe.db, "sql", lambda query, *a, **k: (sent.append(str(query)), real(query, *a, **k))[1]
	)
	search("Иван Петров 8916", 20, ("Contact", "Auto Vehicle", "Customer"))
	assert len(sent) == 1


def test_search_reads_the_index_by_prefix():
	index_document("Contact", "nobody", ["зябликов", "зяблик"], is_new=True)
	plan = frappe.db.sql(
		"""explain select distinct t0.reference_doctype, t0.reference_name from `tabClient Search Token` t0
		where (t0.token like 'зяб%%') and t0.reference_doctype = 'Contact' limit 20""",
		as_dict=True,
	)
	assert plan[0]["key"] == "doctype_token"
	assert plan[0]["type"] == "range"


def test_deals_are_read_by_what_the_words_found(monkeypatch):
	"""Most deals have no vehicle: left to itself the database reads all of them for each search of a head."""
	asked, original = [], frappe.db.sql

	def noted(query, values=(), *args, **kwargs):
		asked.append((query, values))
		return original(query, values, *args, **kwargs)

	with monkeypatch.context() as patch:
		patch.setattr(frappe.db, "sql", noted)
		api.quick_search("XTA2109")
	query, values = next((q, v) for q, v in asked if "found" in q and "`tabAuto Deal`.`vehicle`" in q)
	plan = [
		row for row in frappe.db.sql(f"explain {query}", values, as_dict=True) if row.table == "tabAuto Deal"
	]
	assert {row.key for row in plan} == {"dealer_contact", "dealer_vehicle"}
	assert {row.type for row in plan} == {"ref"}


# -- rights ----------------------------------------------------------------------------------------


@pytest.mark.requirement("R145", "R149")
def test_a_colleagues_client_is_named_but_not_given_away(dealer, as_user):
	anna = dealer.anna
	with as_user(anna):
		rows = api.quick_search("поисковый")
	assert [row["doctype"] for row in rows] == ["Contact"]
	row = rows[0]
	assert row["title"] == "Аркадий Поисковый"
	assert row["busy_with"] == [{"title": dealer.deal.title, "responsible_name": "search-boris"}]
	assert (row["can_open"], row["route"], row["name"]) == (0, None, "")
	told = frappe.as_json(rows)
	for secret in (
		SECRET_PHONE,
		SECRET_PHONE[2:],
		"5557788",
		"arkady.poisk",
		dealer.deal.name,
		dealer.lead.name,
		"1500000",
	):
		assert secret not in told
	assert row["phone"] == "+7916•••••88"


def test_the_responsible_and_the_head_see_all_of_it(dealer, as_user):
	for user in (dealer.boris, dealer.person("head", "Dealer Sales Head")):
		with as_user(user):
			rows = found("поисковый")
		assert rows == {
			("Contact", dealer.client.name),
			("Auto Deal", dealer.deal.name),
			("Auto Lead", dealer.lead.name),
		}


@pytest.mark.requirement("R149")
def test_a_mechanic_finds_cars_only(dealer, as_user):
	mechanic = dealer.person("mechanic", "Dealer Mechanic")
	with as_user(mechanic):
		assert found("поисковый") == set()
		assert found("у987тх") == {("Auto Vehicle", dealer.car.name)}
		assert dealer.client.full_name not in frappe.as_json(api.quick_search("у987тх"))
		with pytest.raises(frappe.PermissionError):
			get_card(dealer.client.name)


def test_a_marketer_finds_no_client_card(dealer, as_user):
	marketer = dealer.person("marketer", "Dealer Marketer")
	with as_user(marketer):
		rows = found("поисковый")
		assert ("Contact", dealer.client.name) not in rows
		assert ("Auto Lead", dealer.lead.name) in rows


def test_who_works_with_nothing_of_it_is_refused(as_user, user_with):
	with as_user(user_with("Website Manager")), pytest.raises(frappe.PermissionError):
		api.quick_search("поисковый")
	with as_user("Guest"), pytest.raises(frappe.PermissionError):
		api.possible_duplicates(phone=SECRET_PHONE)


@pytest.mark.requirement("R149")
def test_the_same_over_http(api, http, dealer):
	anna_id, mechanic_id = dealer.anna, dealer.person("mechanic", "Dealer Mechanic")
	frappe.db.commit()
	path = "/api/method/auto_dealer.clients.api.quick_search?text=поисковый"
	assert http().get(path).status_code == 403
	anna = api(anna_id).get(path)
	assert anna.status_code == 200
	assert SECRET_PHONE not in anna.text
	assert [row["doctype"] for row in anna.json()["message"]] == ["Contact"]
	assert SECRET_PHONE in api(dealer.boris).get(path).text
	mechanic = api(mechanic_id)
	assert mechanic.get(path).json()["message"] == []
	card = "/api/method/auto_dealer.clients.client_card.get_card?contact=" + dealer.client.name
	assert mechanic.get(card).status_code == 403
	assert http().get(card).status_code == 403
	assert api(anna_id).get("/api/resource/Client Search Token").status_code == 403
	assert api(anna_id).get("/api/resource/Client Key").status_code == 403


# -- possible duplicates ---------------------------------------------------------------------------


def reasons(**typed: str) -> dict[tuple[str, str], str]:
	return {(row["doctype"], row["name"]): row["reason"] for row in api.possible_duplicates(**typed)}


@pytest.mark.requirement("R145")
@pytest.mark.parametrize(
	("typed", "reason"),
	[
		({"phone": "8 916 555-77-88"}, "same phone"),
		({"phone": "8 916 555-77-88", "client_name": "Другой Человек"}, "same phone"),
		({"email": "Arkady.Poisk@Mail.ru"}, "same e-mail"),
		({"client_name": "поисковый аркадий"}, "same name"),
	],
)
def test_a_client_who_may_be_known(dealer, typed, reason):
	assert reasons(**typed)[("Contact", dealer.client.name)] == reason


def test_what_is_no_duplicate(dealer):
	assert reasons(client_name="Аркадий") == {}
	assert reasons(client_name="Аркадий Другой") == {}
	assert reasons(phone="звоните") == {}
	assert reasons() == {}
	typed = {"phone": SECRET_PHONE, "doctype": "Contact", "name": dealer.client.name}
	assert ("Contact", dealer.client.name) not in reasons(**typed)


def test_open_enquiries_and_cars_that_may_be_the_same(dealer):
	assert reasons(phone=SECRET_PHONE)[("Auto Lead", dealer.lead.name)] == "open enquiry"
	assert reasons(vin="хта210990у7654321")[("Auto Vehicle", dealer.car.name)] == "same VIN"
	assert reasons(plate="Y987TX199")[("Auto Vehicle", dealer.car.name)] == "same plate"


@pytest.mark.requirement("R145", "R149")
def test_a_colleagues_client_is_announced_without_the_phone(dealer, as_user):
	anna = dealer.anna
	with as_user(anna):
		rows = api.possible_duplicates(client_name="Аркадий Поисковый")
		assert [(row["doctype"], row["can_open"], row["reason"]) for row in rows] == [
			("Contact", 0, "same name")
		]
		assert "search-boris" in rows[0]["description"]
		assert SECRET_PHONE not in frappe.as_json(rows)


# -- the card --------------------------------------------------------------------------------------


@pytest.mark.requirement("R48", "R138", "R139", "R140", "R141")
def test_the_card_of_a_repeat_client(dealer):
	dealer.deal.add_comment("Comment", "perezvonit")
	frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "dogovor.txt",
			"content": "x",
			"attached_to_doctype": "Auto Deal",
			"attached_to_name": dealer.deal.name,
		}
	).insert()
	frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"communication_medium": "Phone",
			"subject": "Разговор",
			"content": "x",
			"reference_doctype": "Auto Deal",
			"reference_name": dealer.deal.name,
		}
	).insert()
	card = get_card(dealer.client.name)
	assert (card["client_name"], card["phone"], card["client_kind"]) == (
		"Аркадий Поисковый",
		SECRET_PHONE,
		"Fleet",
	)
	assert card["phones"] == [SECRET_PHONE, "+74955551122"]
	assert [(car["name"], car["vin"], car["mileage"]) for car in card["vehicles"]] == [
		(dealer.car.name, "XTA210990Y7654321", 50000)
	]
	assert [(deal["name"], deal["responsible_name"]) for deal in card["deals"]] == [
		(dealer.deal.name, "search-boris")
	]
	assert [lead["name"] for lead in card["leads"]] == [dealer.lead.name]
	assert [file["file_name"] for file in card["files"]] == ["dogovor.txt"]
	assert [talk["subject"] for talk in card["communications"]] == ["Разговор"]


@pytest.mark.requirement("R48", "R149")
def test_the_card_of_a_colleagues_client_holds_the_name_only(dealer, as_user):
	anna = dealer.anna
	with as_user(anna):
		card = get_card(dealer.client.name)
	assert (card["client_name"], card["can_open"]) == ("Аркадий Поисковый", 0)
	assert card["deals"] == card["leads"] == card["files"] == card["communications"] == card["tasks"] == []
	assert "phone" not in card
	assert SECRET_PHONE not in frappe.as_json(card)


def test_the_card_by_the_customer(dealer):
	customer = frappe.get_doc(
		{"doctype": "Customer", "customer_name": "ООО Карта", "customer_type": "Company"}
	).insert()
	frappe.db.set_value("Auto Vehicle", dealer.car.name, "owner_customer", customer.name)
	assert [car["name"] for car in get_card(customer=customer.name)["vehicles"]] == [dealer.car.name]
	assert get_card() == {}
