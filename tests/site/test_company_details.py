"""A company by its tax number: the register's answer becomes the deal's customer."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from factories import free_phone, make_deal, make_row, make_staff
from test_appraisal_vin import FakeService

import frappe
from frappe.utils.password import remove_encrypted_password

from auto_dealer.clients import api as clients_api
from auto_dealer.clients import company_details
from auto_dealer.clients.company_details import BadTaxNumber, RegisterNotAsked
from auto_dealer.payments.create_invoice import create_invoice

INN, KPP = "7707083893", "773601001"
API = "auto_dealer.clients.api"
PATH = "/suggestions/api/4_1/rs/findById/party"
KEY = "dadata-secret-key"


def company(**data) -> dict:
	return {
		"value": "ПАО СБЕРБАНК",
		"unrestricted_value": "ПАО СБЕРБАНК",
		"data": {
			"inn": INN,
			"kpp": KPP,
			"ogrn": "1027700132195",
			"type": "LEGAL",
			"state": {"status": "ACTIVE"},
			"name": {"full_with_opf": "ПУБЛИЧНОЕ АКЦИОНЕРНОЕ ОБЩЕСТВО", "short_with_opf": "ПАО СБЕРБАНК"},
			"management": {"name": "Греф Герман Оскарович"},
			"address": {"value": "г Москва, ул Вавилова, д 19", "unrestricted_value": "117312, г Москва"},
			**data,
		},
	}


@pytest.fixture
def register() -> Iterator[FakeService]:
	server = FakeService()
	threading.Thread(target=server.serve_forever, daemon=True).start()
	settings = frappe.get_single("Dealer Settings")
	settings.update({"dadata_key": KEY, "dadata_url": server.url})
	settings.save()
	server.replies[PATH] = (200, {"suggestions": [company()]})
	yield server
	server.shutdown()
	server.server_close()
	frappe.clear_document_cache("Dealer Settings", "Dealer Settings")


def take(deal: str, inn: str = INN, kpp: str = "") -> str:
	clients_api.get_companies(inn)
	return clients_api.take_company(deal, inn, kpp)


@pytest.fixture(autouse=True)
def _nothing_remembered():
	frappe.cache.delete_keys(company_details.CACHE)


@pytest.fixture
def anna() -> str:
	return make_staff("inn-anna", "Dealer Sales Manager")


@pytest.mark.requirement("R147")
def test_the_manager_types_the_number_picks_and_saves(register, anna, as_user):
	deal = make_deal(responsible=anna)
	with as_user(anna):
		(found,) = clients_api.get_companies(f" {INN} ")
		assert (found["name"], found["kpp"]) == ("ПАО СБЕРБАНК", KPP)
		customer = clients_api.take_company(deal.name, INN, found["kpp"])
	kept = frappe.get_doc("Customer", customer)
	assert frappe.db.get_value("Auto Deal", deal.name, "customer") == customer
	assert (kept.customer_name, kept.tax_id, kept.customer_type) == ("ПАО СБЕРБАНК", INN, "Company")
	assert (kept.dealer_kpp, kept.dealer_ogrn) == (KPP, "1027700132195")
	assert kept.dealer_legal_address == "117312, г Москва"


@pytest.mark.requirement("R147")
def test_a_known_company_is_taken_and_not_made_again(register, anna, as_user):
	first, second = make_deal(responsible=anna), make_deal(responsible=anna)
	with as_user(anna):
		customer = take(first.name)
		assert take(second.name) == customer
	assert frappe.db.count("Customer", {"tax_id": INN}) == 1


def test_branches_are_told_apart(register, anna, as_user):
	register.replies[PATH] = (200, {"suggestions": [company(), company(kpp="540602001")]})
	head, branch = make_deal(responsible=anna), make_deal(responsible=anna)
	with as_user(anna):
		customers = [take(head.name, kpp=KPP), take(branch.name, kpp="540602001")]
	assert frappe.db.get_value("Customer", customers[1], "dealer_kpp") == "540602001"
	assert customers[0] != customers[1]


def test_which_branch_must_be_said(register, anna, as_user):
	register.replies[PATH] = (200, {"suggestions": [company(), company(kpp="540602001")]})
	deal = make_deal(responsible=anna)
	with as_user(anna), pytest.raises(RegisterNotAsked):
		take(deal.name)
	assert not frappe.db.get_value("Auto Deal", deal.name, "customer")


def test_a_customer_without_a_branch_stands_behind_the_exact_one(register, anna, as_user):
	plain = make_row("Customer", name="Without KPP", customer_name="Without KPP", tax_id=INN).name
	first, second = make_deal(responsible=anna), make_deal(responsible=anna)
	with as_user(anna):
		assert take(first.name) == plain
		exact = make_row("Customer", name="Exact", customer_name="Exact", tax_id=INN, dealer_kpp=KPP).name
		assert take(second.name) == exact


@pytest.mark.requirement("R147")
def test_the_person_of_the_deal_speaks_for_the_company_once(register, anna, as_user):
	deal = make_deal(responsible=anna)
	with as_user(anna):
		customer = take(deal.name)
		take(deal.name)
	links = frappe.get_all(
		"Dynamic Link", {"parent": deal.contact, "link_doctype": "Customer"}, pluck="link_name"
	)
	assert links == [customer]


def test_the_register_is_asked_once_for_a_number(register, anna, as_user):
	with as_user(anna):
		assert clients_api.get_companies(INN) == clients_api.get_companies(f" {INN}")
	assert len(register.asked) == 1


def test_a_sole_trader_has_no_kpp(register, anna, as_user):
	person = company(
		inn="500100732259", kpp=None, type="INDIVIDUAL", name={"short_with_opf": "ИП Иванов И. И."}
	)
	register.replies[PATH] = (200, {"suggestions": [person]})
	deal = make_deal(responsible=anna)
	with as_user(anna):
		customer = take(deal.name, "500100732259")
	assert frappe.db.get_value("Customer", customer, "customer_type") == "Individual"


def test_a_wrong_number_asks_nobody(register, anna, as_user):
	with as_user(anna), pytest.raises(BadTaxNumber, match="7707083894"):
		clients_api.get_companies("7707083894")
	assert register.asked == []


@pytest.mark.parametrize("reply", [(403, {}), (500, {}), (200, {"suggestions": []})])
def test_a_register_that_does_not_help_says_so(register, anna, as_user, reply):
	register.replies[PATH] = reply
	deal = make_deal(responsible=anna)
	frappe.clear_messages()
	with as_user(anna), pytest.raises(RegisterNotAsked):
		take(deal.name)
	assert frappe.get_message_log()
	assert not frappe.db.get_value("Auto Deal", deal.name, "customer")


def test_without_a_key_nothing_is_asked(anna, as_user):
	remove_encrypted_password("Dealer Settings", "Dealer Settings", "dadata_key")
	with as_user(anna), pytest.raises(RegisterNotAsked, match="Dealer Settings"):
		clients_api.get_companies(INN)


def test_the_key_is_not_logged(register, anna, as_user):
	with as_user(anna):
		clients_api.get_companies(INN)
	rows = frappe.get_all("Integration Request", {"integration_request_service": "DaData"}, ["*"])
	assert rows
	assert KEY not in str(rows)


@pytest.mark.requirement("R147")
def test_strangers_ask_and_change_nothing(register, anna, as_user):
	deal = make_deal(responsible=anna)
	others = [
		make_staff("inn-olga", "Dealer Sales Manager"),
		make_staff("inn-mechanic", "Dealer Mechanic"),
		"Guest",
	]
	for user in others:
		with as_user(user), pytest.raises(frappe.PermissionError):
			clients_api.take_company(deal.name, INN, KPP)
	for user in others[1:]:
		with as_user(user), pytest.raises(frappe.PermissionError):
			clients_api.get_companies(INN)


@pytest.mark.requirement("R147")
def test_two_deals_of_one_company_at_once_get_one_customer(committed, register, live, api):
	deals = [make_deal(phone=free_phone()) for _number in range(6)]
	sessions = [api("Administrator") for _deal in deals]
	frappe.clear_document_cache("Dealer Settings", "Dealer Settings")
	assert sessions[0].call(f"{API}.get_companies", inn=INN).status_code == 200
	with ThreadPoolExecutor(len(deals)) as pool:
		answers = list(
			pool.map(
				lambda pair: pair[0].call(f"{API}.take_company", deal=pair[1].name, inn=INN, kpp=KPP),
				zip(sessions, deals, strict=True),
			)
		)
	assert [answer.status_code for answer in answers] == [200] * 6
	frappe.db.rollback()
	assert frappe.db.count("Customer", {"tax_id": INN}) == 1


@pytest.mark.requirement("R148")
def test_bank_details_are_not_pulled_and_the_invoice_does_without(register, anna, as_user):
	deal = make_deal(responsible=anna, amount=120_000)
	with as_user(anna):
		customer = take(deal.name)
	assert not frappe.db.exists("Bank Account", {"party": customer})
	request = create_invoice("Auto Deal", deal.name)
	shown = frappe.get_print("Payment Request", request, "Invoice for Payment")
	for said in (INN, KPP, "ПАО СБЕРБАНК", "117312, г Москва"):
		assert said in shown, said
