"""A client is one card, however and however often the phone is typed, also by ten callers at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
from factories import make_contact, make_pipeline, make_pipeline_deal
from site_fixtures import BENCH, SITE

import frappe

from auto_dealer.clients.client_keys import lock_client
from auto_dealer.clients.contact_input import UnreadableEmail, UnreadablePhone, read_email, read_phone
from auto_dealer.clients.find_active_deal import find_active_deals
from auto_dealer.clients.find_contact import find_contact, find_or_create_contact
from auto_dealer.clients.tasks import index_existing_clients

PHONE = "+79165550101"


def keys() -> dict[str, str]:
	return dict(frappe.get_all("Client Key", ["name", "contact"], as_list=True))


def count_sql(monkeypatch: pytest.MonkeyPatch, call: Callable) -> list[str]:
	"""The statements that the call sends."""
	sent: list[str] = []
	real = frappe.db.sql

	def counting(query, *args, **kwargs):
		sent.append(str(query).strip())
		return real(query, *args, **kwargs)

	monkeypatch.setattr(frappe.db, "sql", counting)
	call()
	monkeypatch.setattr(frappe.db, "sql", real)
	return sent


# -- found or made ---------------------------------------------------------------------------------


@pytest.mark.requirement("R46", "R122")
def test_a_name_is_enough_for_a_new_client():
	contact = frappe.get_doc("Contact", find_or_create_contact("Петров Иван Сергеевич"))
	assert (contact.first_name, contact.middle_name, contact.last_name) == ("Иван", "Сергеевич", "Петров")
	assert contact.full_name == "Иван Сергеевич Петров"
	assert find_or_create_contact("Петров Иван Сергеевич") != contact.name  # a name identifies nobody


@pytest.mark.requirement("R122", "R143")
def test_the_card_is_an_ordinary_contact_of_erpnext():
	name = find_or_create_contact(
		"Иван", "8 (916) 555-01-01, 8 903 555 02 02", "Ivan@Mail.ru", "telegram:ivan", "Fleet"
	)
	contact = frappe.get_doc("Contact", name)
	assert [row.phone for row in contact.phone_nos] == [PHONE, "+79035550202"]
	assert (contact.mobile_no, contact.email_id) == (PHONE, "ivan@mail.ru")
	assert (contact.dealer_client_kind, contact.dealer_messenger) == ("Fleet", "telegram:ivan")
	owned = {key for key, owner in keys().items() if owner == name}
	assert owned == {f"phone:{PHONE}", "phone:+79035550202", "email:ivan@mail.ru", "messenger:telegram:ivan"}


@pytest.mark.requirement("R143")
@pytest.mark.parametrize("typed", ["89165550101", "916 555 01 01", "+7 (916) 555-01-01 доб. 3"])
def test_a_repeat_client_is_recognised_by_the_phone(typed):
	name = find_or_create_contact("Иван", PHONE)
	assert find_contact(typed) == name
	assert find_or_create_contact("Пётр", typed) == name
	assert frappe.db.get_value("Contact", name, "full_name") == "Иван"


def test_phone_goes_before_email_before_messenger():
	by_phone = find_or_create_contact("A", PHONE)
	by_email = find_or_create_contact("B", email="b@mail.ru")
	by_account = find_or_create_contact("C", messenger="telegram:c")
	assert find_contact(PHONE, "b@mail.ru", "telegram:c") == by_phone
	assert find_contact(None, "B@MAIL.RU", "telegram:c") == by_email
	assert find_contact(messenger="Telegram:C") == by_account
	assert find_or_create_contact("D", PHONE, "b@mail.ru") == by_phone
	assert keys()["email:b@mail.ru"] == by_email  # a key that has an owner is not taken away


def test_the_card_gains_what_it_did_not_have():
	name = find_or_create_contact("Иван", PHONE)
	assert find_or_create_contact("Иван", f"{PHONE}, +79165550102", "new@mail.ru", "telegram:x") == name
	contact = frappe.get_doc("Contact", name)
	assert [row.phone for row in contact.phone_nos] == [PHONE, "+79165550102"]
	assert [row.email_id for row in contact.email_ids] == ["new@mail.ru"]
	assert contact.dealer_messenger == "telegram:x"
	assert set(keys().values()) == {name}


@pytest.mark.requirement("R47")
def test_a_client_known_by_the_number_gets_the_name_when_it_is_told():
	name = find_or_create_contact(None, PHONE)
	assert frappe.db.get_value("Contact", name, "full_name") == PHONE
	assert find_or_create_contact("Сидорова Анна", PHONE) == name
	assert frappe.db.get_value("Contact", name, "full_name") == "Анна Сидорова"
	find_or_create_contact("Другое Имя", PHONE)
	assert frappe.db.get_value("Contact", name, "full_name") == "Анна Сидорова"


@pytest.mark.parametrize(
	"client_name", ["<b>Иван</b>", 'О\'Коннор "Шон"', "🚗 Иван", "И" * 400, "100% Иван", "Иван\nПетров"]
)
def test_odd_names_are_kept_without_harm(client_name):
	name = find_or_create_contact(client_name, PHONE)
	assert len(name) <= 140
	assert not set("<>") & set(name)
	assert find_contact(PHONE) == name


@pytest.mark.requirement("R122")
def test_statements_of_a_new_and_of_a_known_client(monkeypatch):
	find_or_create_contact("warm", "+79165550999")
	new = count_sql(monkeypatch, lambda: find_or_create_contact("Иван", PHONE))
	writes = [query for query in new if query[:6].lower() in ("insert", "update", "delete")]
	assert len(new) <= 11, new
	assert len(writes) <= 4, writes
	known = count_sql(monkeypatch, lambda: find_or_create_contact("Иван", PHONE))
	assert len(known) <= 4, known


def test_no_network_is_asked_when_a_card_is_saved(monkeypatch):
	"""Frappe asks gravatar.com inside the transaction, but not in tests: so without the test's flag."""
	import requests

	def network(*args, **kwargs):
		raise AssertionError(f"network call {args}")

	monkeypatch.setattr(requests, "get", network)
	monkeypatch.setattr(frappe.flags, "in_test", False)
	contact = frappe.get_doc("Contact", find_or_create_contact("Иван", email="ivan@mail.ru"))
	contact.save()
	assert not contact.image


# -- the card of Frappe ----------------------------------------------------------------------------


@pytest.mark.requirement("R136")
def test_phones_of_a_form_are_normalised_and_not_doubled():
	contact = make_contact(
		"Иван", ["8 916 555-01-01", "+7 916 555 01 01", "101"], ["IVAN@mail.ru", "ivan@mail.ru"]
	)
	assert [row.phone for row in contact.phone_nos] == [PHONE, "101"]
	assert [row.email_id for row in contact.email_ids] == ["ivan@mail.ru"]
	assert find_contact("89165550101") == contact.name
	contact.phone_nos[0].phone = "8 916 555-01-02"
	contact.save()
	assert (find_contact(PHONE), find_contact("9165550102")) == (None, contact.name)


def test_a_phone_of_letters_is_refused_with_an_example():
	with pytest.raises(UnreadablePhone, match=r"звоните <|звоните &lt;.*\+7 916"):
		make_contact("Иван", ["звоните <вечером>"])
	with pytest.raises(UnreadablePhone, match=r"Phone: .*8-800-FLOWERS.*\+7 916 123-45-67"):
		read_phone("8-800-FLOWERS", "Phone")
	with pytest.raises(UnreadableEmail, match=r"Email: .*ivan@"):
		read_email("ivan@", "Email")
	assert read_phone("  ", "Phone") is None
	assert read_email(None, "Email") is None


def test_the_region_of_short_numbers_is_a_setting():
	frappe.db.set_single_value("Dealer Settings", "phone_region", "BY")
	frappe.clear_document_cache("Dealer Settings", "Dealer Settings")
	try:
		assert read_phone("8 029 123 45 67", "Phone") == "+375291234567"
	finally:
		frappe.db.set_single_value("Dealer Settings", "phone_region", "RU")
		frappe.clear_document_cache("Dealer Settings", "Dealer Settings")


@pytest.mark.requirement("R145")
def test_a_phone_of_two_cards_stays_with_the_first_and_is_reported():
	first = make_contact("Иван", [PHONE])
	frappe.clear_messages()
	second = make_contact("Ольга", [PHONE])
	assert keys()[f"phone:{PHONE}"] == first.name
	assert any(first.name in json.dumps(message, ensure_ascii=False) for message in frappe.message_log)
	# What the first gives up goes to the second, who has it too.
	first.phone_nos = []
	first.save()
	assert keys()[f"phone:{PHONE}"] == second.name
	second.delete()
	assert f"phone:{PHONE}" not in keys()


def test_a_deleted_card_leaves_no_key_and_no_token():
	contact = make_contact("Иван Удаляемый", [PHONE], ["gone@mail.ru"])
	contact.delete()
	assert contact.name not in keys().values()
	assert not frappe.db.exists("Client Search Token", {"reference_name": contact.name})
	assert find_contact(PHONE) is None


def test_a_renamed_card_keeps_its_keys_and_tokens():
	contact = make_contact("Иван", [PHONE])
	frappe.rename_doc("Contact", contact.name, "Иван Переименованный", rebuild_search=False)
	assert find_contact(PHONE) == "Иван Переименованный"
	assert frappe.db.exists("Client Search Token", {"reference_name": "Иван Переименованный"})


def test_cards_from_before_the_app_are_indexed():
	contact = make_contact("Старый Клиент", [PHONE], ["old@mail.ru"])
	customer = frappe.get_doc(
		{"doctype": "Customer", "customer_name": "ООО Старина", "customer_type": "Company"}
	).insert()
	for doctype in ("Client Key", "Client Search Token"):
		frappe.db.delete(doctype)
	assert find_contact(PHONE) is None
	assert index_existing_clients() >= 2
	assert find_contact(PHONE) == contact.name
	tokens = frappe.get_all(
		"Client Search Token", {"reference_name": ("in", (contact.name, customer.name))}, pluck="token"
	)
	assert {"старый", "старина", "old@mail.ru", "9165550101"} <= set(tokens)
	assert index_existing_clients() == 0


# -- active deals (decision 2) ---------------------------------------------------------------------


@pytest.mark.requirement("R9", "R143")
def test_active_deals_of_a_client_the_same_pipeline_first_then_the_newest():
	make_pipeline("Identity A")
	make_pipeline("Identity B")
	contact = find_or_create_contact("Иван", PHONE)
	old = make_pipeline_deal("Identity A", contact=contact, phone=PHONE)
	new = make_pipeline_deal("Identity B", contact=contact, phone=PHONE)
	make_pipeline_deal("Identity A", phone="+79165550777")
	found = [deal["name"] for deal in find_active_deals([f"phone:{PHONE}"])]
	assert found == [new.name, old.name]
	found = [
		deal["name"] for deal in find_active_deals([f"phone:{PHONE}"], contact=contact, pipeline="Identity A")
	]
	assert found == [old.name, new.name]
	frappe.db.set_value("Auto Deal", new.name, "is_closed", 1)
	assert [deal["name"] for deal in find_active_deals(contact=contact)] == [old.name]
	assert find_active_deals() == find_active_deals(["phone:+70000000000"]) == []


# -- in parallel -----------------------------------------------------------------------------------


def in_parallel(count: int, work: Callable[[int], object]) -> list:
	"""Runs `work` in as many connections, all with a snapshot opened before the first of them begins."""
	start = threading.Barrier(count)
	results: list = [None] * count

	def run(number: int) -> None:
		frappe.init(site=SITE, sites_path=f"{BENCH}/sites")
		frappe.connect()
		try:
			frappe.set_user("Administrator")
			frappe.db.sql("select count(*) from `tabContact`")
			start.wait(30)
			results[number] = work(number)
			frappe.db.commit()
		except Exception as error:
			frappe.db.rollback()
			results[number] = error
		finally:
			frappe.destroy()

	threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join(120)
	return results


@pytest.mark.requirement("R122", "R143")
def test_ten_callers_with_one_phone_are_one_client(committed):
	def register(number: int) -> str:
		name = find_or_create_contact(f"Иван {number}", "8 916 555 01 01")
		# A link to a card that another connection has just made must be accepted.
		note = frappe.get_doc({"doctype": "Auto Vehicle", "make": "Lada", "owner_contact": name})
		note.insert()
		return name

	names = in_parallel(10, register)
	assert len(set(names)) == 1, names
	frappe.db.rollback()
	assert frappe.db.count("Contact Phone", {"phone": PHONE}) == 1
	assert frappe.db.count("Auto Vehicle", {"owner_contact": names[0]}) == 10


def test_crossed_keys_do_not_deadlock(committed):
	"""Each caller has two of five phones and e-mails, in any order: the keys are taken in sorted order."""

	def register(number: int) -> str:
		phones = [f"+7916555010{(number + step) % 5}" for step in (3, 0)]
		return find_or_create_contact(f"Клиент {number}", ", ".join(phones), f"c{number % 3}@mail.ru")

	results = in_parallel(10, register)
	assert all(isinstance(result, str) for result in results), results


def test_the_lock_makes_the_second_wait_for_the_first(committed):
	key, order = f"phone:{PHONE}", []

	def enter(number: int) -> None:
		lock_client([key])
		order.append(("in", number))
		frappe.db.sql("select sleep(0.2)")
		order.append(("out", number))

	in_parallel(3, enter)
	assert [step for step, _number in order] == ["in", "out"] * 3
	assert all(order[n][1] == order[n + 1][1] for n in (0, 2, 4))
