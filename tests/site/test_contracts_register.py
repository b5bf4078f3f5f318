"""Contracts: made from the deal, numbered without gaps, guarded, kept, seen with the deal, printed."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from factories import make_contract, make_deal, make_department, make_staff, make_vehicle, test_company
from pypdf import PdfReader
from site_fixtures import BENCH, SITE

import frappe
from frappe.utils import add_days, nowdate

from auto_dealer.documents import api as contracts
from auto_dealer.documents.contract_card import (
	ContractExists,
	ContractFrozen,
	ContractNotDeleted,
	ContractStateError,
)
from auto_dealer.documents.make_contract import make_contract as make_of_deal
from auto_dealer.documents.print_document import can_make_pdf, render_html, render_pdf

API = "auto_dealer.documents.api"
VIN = "XTA210990Y5554443"


def year() -> str:
	return nowdate()[:4]


def sale_deal(**values):
	car = make_vehicle(vin=VIN, licence_plate="А123ВС777", year=2020)
	return make_deal(pipeline="Used Cars", vehicle=car.name, amount=1234561.5, **values)


def sequence(kind: str = "Sale") -> list[int]:
	"""The numbers given to this kind this year, in order."""
	return frappe.get_all(
		"Dealer Contract",
		{"kind": kind, "contract_year": year()},
		pluck="sequence_number",
		order_by="sequence_number",
	)


# -- from the deal ---------------------------------------------------------------------------------


@pytest.mark.requirement("R175", "R177", "R236")
def test_one_click_fills_the_contract_from_the_deal():
	deal = sale_deal(client_name="Анна Смирнова")
	answer = contracts.make_contract(deal.name)
	contract = frappe.get_doc("Dealer Contract", answer["contract"])
	assert answer["is_new"]
	assert (contract.kind, contract.status, contract.deal) == ("Sale", "Draft", deal.name)
	assert (contract.contact, contract.client_name, contract.client_phone) == (
		deal.contact,
		"Анна Смирнова",
		deal.phone,
	)
	assert (contract.vehicle, contract.vin, contract.amount) == (deal.vehicle, VIN, 1234561.5)
	assert contract.company == test_company()
	assert contract.number == answer["number"]
	assert VIN in contract.text
	assert "Анна Смирнова" in contract.text


@pytest.mark.requirement("R177")
@pytest.mark.parametrize(
	("pipeline", "kind"), [("Buyout", "Buyout"), ("Commission", "Commission"), ("Body Repair", "Service")]
)
def test_the_kind_follows_the_pipeline(pipeline, kind):
	contract = contracts.make_contract(make_deal(pipeline=pipeline).name)
	assert frappe.db.get_value("Dealer Contract", contract["contract"], "kind") == kind


def test_a_trade_in_contract_does_not_take_the_car_that_is_sold():
	contract = contracts.make_contract(sale_deal().name, "Trade-in")["contract"]
	assert frappe.db.get_value("Dealer Contract", contract, ["vehicle", "amount"]) == (None, 0)


@pytest.mark.requirement("R175")
def test_a_second_click_opens_the_same_contract_until_it_is_terminated():
	deal = sale_deal().name
	first = contracts.make_contract(deal)
	assert contracts.make_contract(deal) == {**first, "is_new": False}
	assert contracts.make_contract(deal, "Service")["contract"] != first["contract"]
	with pytest.raises(ContractExists):
		make_contract(deal=deal)
	contracts.terminate_contract(first["contract"], "The client chose another car")
	second = contracts.make_contract(deal)
	assert second["is_new"]
	assert [row["status"] for row in contracts.get_contracts(deal) if row["kind"] == "Sale"] == [
		"Draft",
		"Terminated",
	]


def test_two_clicks_at_a_time_make_one_contract(api):
	deal = sale_deal().name
	sessions = [api() for _click in range(4)]
	for _round in range(3):
		answers = together(
			*(partial(session.call, f"{API}.make_contract", deal=deal) for session in sessions)
		)
		assert [answer.status_code for answer in answers] == [200] * 4, [a.text[-800:] for a in answers]
		messages = [answer.json()["message"] for answer in answers]
		assert len({message["contract"] for message in messages}) == 1
		assert sum(message["is_new"] for message in messages) == 1
		done = sessions[0].call(f"{API}.terminate_contract", contract=messages[0]["contract"], reason="again")
		assert done.status_code == 200
	frappe.db.rollback()
	assert sequence() == [1, 2, 3]


# -- numbers ---------------------------------------------------------------------------------------


@pytest.mark.requirement("R176")
def test_each_kind_company_and_year_counts_for_itself():
	numbers = [make_contract().number for _contract in range(3)]
	assert numbers == [f"КП-{year()}-00000{number}" for number in (1, 2, 3)]
	assert make_contract(kind="Buyout").number == f"ВК-{year()}-000001"
	assert make_contract(contract_date="2019-12-31").number == "КП-2019-000001"
	assert make_contract(number="КП-1", sequence_number=99, status="Signed").number == f"КП-{year()}-000004"


def test_a_new_prefix_goes_on_with_the_row():
	make_contract()
	frappe.get_doc("Contract Kind", "Sale").update({"prefix": "ДКП"}).save()
	assert make_contract().number == f"ДКП-{year()}-000002"


def test_a_refused_contract_takes_no_number():
	make_contract()
	frappe.db.savepoint("refused")
	with pytest.raises(frappe.LinkValidationError):
		make_contract(vehicle="no-such-car")
	frappe.db.rollback(save_point="refused")
	frappe.db.savepoint("undone")
	assert make_contract().sequence_number == 2
	frappe.db.rollback(save_point="undone")
	assert make_contract().sequence_number == 2


@pytest.mark.requirement("R176")
def test_twenty_parallel_creations_over_http_leave_no_gap(api):
	sessions = [api() for _session in range(5)]
	body = {"kind": "Sale", "company": test_company(), "client_name": "Гонка"}

	def create(session):
		return [session.post("/api/resource/Dealer Contract", json=body) for _number in range(4)]

	answers = [a for row in together(*(partial(create, session) for session in sessions)) for a in row]
	assert [answer.status_code for answer in answers] == [200] * 20, [a.text[-500:] for a in answers]
	frappe.db.rollback()
	assert sequence() == list(range(1, 21))


@pytest.mark.requirement("R176")
def test_contracts_of_many_deals_at_a_time_leave_no_gap(api):
	sessions = [api() for _session in range(4)]
	deals = [make_deal(pipeline="Buyout", amount=number + 1).name for number in range(16)]
	frappe.db.commit()

	def make(session, names):
		return [session.call(f"{API}.make_contract", deal=name) for name in names]

	calls = [partial(make, session, deals[index::4]) for index, session in enumerate(sessions)]
	answers = [answer for row in together(*calls) for answer in row]
	assert [answer.status_code for answer in answers] == [200] * 16, [a.text[-500:] for a in answers]
	frappe.db.rollback()
	assert sequence("Buyout") == list(range(1, 17))


@pytest.mark.requirement("R176")
def test_rolled_back_creations_leave_no_gap(committed):
	"""Twenty kept and twelve undone, each in a connection and thread of its own; the first of the year is undone."""
	frappe.db.commit()
	gate = threading.Barrier(8)
	errors = together(*(partial(create_in_thread, gate, thread) for thread in range(8)))
	assert errors == [None] * 8
	frappe.db.rollback()
	assert sequence() == list(range(1, 21))


def create_in_thread(gate: threading.Barrier, thread: int) -> str | None:
	"""Four contracts in a row, of the first four threads all but one undone… 20 kept of 32."""
	frappe.init(site=SITE, sites_path=f"{BENCH}/sites")
	frappe.connect()
	frappe.flags.in_test = True
	frappe.set_user("Administrator")
	try:
		gate.wait()
		for turn in range(4):
			make_contract(client_name=f"Thread {thread}")
			undone = turn == 0 or (thread < 4 and turn == 2)
			(frappe.db.rollback if undone else frappe.db.commit)()
	except Exception as error:
		return repr(error)
	finally:
		frappe.destroy()


def together(*calls) -> list:
	with ThreadPoolExecutor(len(calls)) as pool:
		return [future.result() for future in [pool.submit(call) for call in calls]]


# -- states ----------------------------------------------------------------------------------------


@pytest.mark.requirement("R175")
def test_a_contract_is_signed_executed_and_then_stays():
	contract = contracts.make_contract(sale_deal().name)["contract"]
	assert contracts.sign_contract(contract, add_days(nowdate(), -1)) == "Signed"
	doc = frappe.get_doc("Dealer Contract", contract)
	assert str(doc.signed_on) == add_days(nowdate(), -1)
	for field, value in {
		"amount": 1,
		"text": "<p>other</p>",
		"client_name": "Other",
		"vehicle": None,
	}.items():
		with pytest.raises(ContractFrozen):
			frappe.get_doc("Dealer Contract", contract).update({field: value}).save()
	doc.signed_file = "/private/files/scan.pdf"
	doc.save()
	assert contracts.execute_contract(contract) == "Executed"
	with pytest.raises(ContractStateError):
		contracts.terminate_contract(contract, "too late")


def test_a_contract_without_what_it_needs_is_not_signed():
	contract = make_contract(amount=0)
	with pytest.raises(ContractStateError, match=r"amount.*car"):
		contracts.sign_contract(contract.name)
	service = make_contract(kind="Service")
	assert contracts.sign_contract(service.name) == "Signed"


def test_the_state_is_guarded_whatever_the_way(api):
	contract = make_contract()
	session = api()
	path = f"/api/resource/Dealer Contract/{contract.name}"
	assert session.put(path, json={"status": "Executed"}).status_code == 417
	assert session.put(path, json={"status": "Terminated"}).status_code == 417
	number = {"number": "X", "sequence_number": 7, "contract_year": 1999, "signed_on": "2020-01-01"}
	stored = session.put(path, json=number).json()["data"]
	assert (stored["number"], stored["sequence_number"]) == (contract.number, contract.sequence_number)
	assert not stored.get("signed_on")
	assert session.delete(path).status_code == 403


@pytest.mark.requirement("R237")
def test_nobody_deletes_a_contract():
	contract = make_contract()
	for options in ({}, {"force": True}, {"ignore_permissions": True}):
		with pytest.raises(ContractNotDeleted):
			frappe.delete_doc("Dealer Contract", contract.name, **options)


def test_the_date_stays_in_the_year_of_the_number():
	contract = make_contract()
	contract.contract_date = "2001-01-01"
	with pytest.raises(ContractFrozen, match="numbered in"):
		contract.save()


def test_a_drafts_sum_in_words_and_text_follow():
	contract = make_contract(language="ru", currency="RUB")
	contract.amount = 2000000
	contract.save()
	assert contract.amount_in_words == "Два миллиона рублей 00 копеек"
	contract.text = "<p>Own words</p>"
	contract.save()
	assert contract.text == "<p>Own words</p>"
	assert "Own words" not in contracts.renew_text(contract.name)
	assert "Два миллиона рублей" in frappe.db.get_value("Dealer Contract", contract.name, "text")


def test_an_own_template_is_used_and_tried():
	kind = frappe.get_doc("Contract Kind", "Service")
	kind.text_template = "<p>{{ doc.client_name }} — {{ amount }}</p>"
	kind.save()
	assert "Иван Петров" in make_contract(kind="Service").text
	kind.text_template = "{{ broken"
	with pytest.raises(frappe.ValidationError):
		kind.save()


# -- who sees what ---------------------------------------------------------------------------------


@pytest.fixture
def staff():
	east, west = make_department("East"), make_department("West")
	return frappe._dict(
		anna=make_staff("anna", "Dealer Sales Manager", department=east),
		boris=make_staff("boris", "Dealer Sales Manager", department=west),
		head=make_staff("head", "Dealer Sales Head", department=east),
		west=make_staff("west", "Dealer Sales Head", department=west),
		admin=make_staff("boss", "Dealer Administrator"),
		mechanic=make_staff("mechanic", "Dealer Mechanic"),
	)


@pytest.mark.requirement("R178", "R237")
def test_contracts_are_seen_with_their_deal(api, staff):
	deal = sale_deal(responsible=staff.anna)
	contract = make_of_deal(deal.name)[0]
	path = f"/api/resource/Dealer Contract/{contract}"
	seen = {
		staff.anna: 200,
		staff.head: 200,
		staff.admin: 200,
		staff.boris: 403,
		staff.west: 403,
		staff.mechanic: 403,
	}
	for user, status in seen.items():
		session = api(user)
		assert session.get(path).status_code == status, user
		listed = session.get("/api/resource/Dealer Contract").json().get("data") or []
		assert [row["name"] for row in listed] == ([contract] if status == 200 else []), user
		assert session.put(path, json={"client_details": "x"}).status_code == status, user
		printed = session.get(f"/printview?doctype=Dealer Contract&name={contract}&format=Contract of Sale")
		assert printed.status_code == status, user
	assert api(staff.boris).call(f"{API}.make_contract", deal=deal.name).status_code == 403
	assert api(staff.boris).call(f"{API}.sign_contract", contract=contract).status_code == 403
	assert api(staff.anna).call(f"{API}.sign_contract", contract=contract).status_code == 200


@pytest.mark.requirement("R237")
def test_scans_of_contracts_are_listed_with_the_contract(staff, as_user):
	deal = sale_deal(responsible=staff.anna)
	contract = make_of_deal(deal.name)[0]
	attached = {"attached_to_doctype": "Dealer Contract", "attached_to_name": contract}
	scan = {"doctype": "File", "file_name": "scan.txt", "content": "signed", "is_private": 1, **attached}
	file = frappe.get_doc(scan).insert()
	for user, sees in {staff.anna: True, staff.head: True, staff.boris: False, staff.admin: True}.items():
		with as_user(user):
			assert bool(frappe.get_list("File", attached)) == sees, user
			assert frappe.has_permission("File", "read", doc=file.name) == sees, user


def test_a_contract_without_a_deal_is_its_authors(staff, as_user):
	with as_user(staff.anna):
		contract = make_contract()
	for user, sees in {staff.anna: True, staff.head: False, staff.boris: False, staff.admin: True}.items():
		with as_user(user):
			assert bool(frappe.get_list("Dealer Contract", {"name": contract.name})) == sees, user
			assert frappe.has_permission("Dealer Contract", "read", doc=contract.name) == sees, user


def test_nobody_hangs_a_contract_on_a_foreign_deal(staff, as_user):
	deal = sale_deal(responsible=staff.anna)
	with as_user(staff.boris), pytest.raises(frappe.PermissionError):
		make_contract(deal=deal.name)


@pytest.mark.requirement("R178", "R179")
def test_contracts_are_searched_sorted_and_filtered(api, staff):
	deal = sale_deal(responsible=staff.anna, client_name="Анна Смирнова")
	contract = frappe.get_doc("Dealer Contract", make_of_deal(deal.name)[0])
	make_contract(kind="Service", client_name="Пётр")
	session = api(staff.admin)
	for text in (contract.number, "Смирнова", VIN[-6:], "А123ВС777"):
		found = session.call(
			"frappe.desk.search.search_link", doctype="Dealer Contract", txt=text, ignore_user_permissions=0
		).json()
		rows = found.get("message") or found.get("results")
		assert [row["value"] for row in rows] == [contract.name], text
	listed = session.get(
		"/api/resource/Dealer Contract",
		params={"filters": f'[["kind","=","Sale"],["vin","=","{VIN}"]]', "order_by": "amount desc"},
	).json()["data"]
	assert [row["name"] for row in listed] == [contract.name]


# -- print -----------------------------------------------------------------------------------------

TITLES = {
	"Sale": ("Contract of Sale", "Договор купли-продажи"),
	"Buyout": ("Contract of Buyout", "Договор выкупа"),
	"Commission": ("Contract of Commission", "Договор комиссии"),
	"Trade-in": ("Contract of Trade-in", "Договор трейд-ин"),
	"Service": ("Contract of Service", "Договор на обслуживание"),
}


@pytest.mark.requirement("R236")
@pytest.mark.parametrize("kind", list(TITLES))
def test_each_kind_has_its_print_in_both_languages(kind):
	print_format, russian = TITLES[kind]
	assert frappe.db.get_value("Contract Kind", kind, "print_format") == print_format
	car = make_vehicle(vin=VIN)
	values = {"kind": kind, "vehicle": car.name, "amount": 1021, "currency": "RUB"}
	contract = make_contract(**values, language="ru", client_name="<b>Иван</b> & Ко")
	html = render_html("Dealer Contract", contract.name, print_format)
	for text in (russian, contract.number, VIN, "Одна тысяча двадцать один рубль 00 копеек", "&lt;b&gt;Иван"):
		assert text in html, text
	assert "<b>Иван" not in html
	english = make_contract(**values, language="en")
	html = render_html("Dealer Contract", english.name, print_format)
	assert "One thousand and twenty-one roubles" in html
	assert "договор" not in html.lower().replace(contract.number.lower(), "")


def test_the_hand_over_act_says_who_gives_and_who_takes():
	car = make_vehicle(vin=VIN)
	sale = make_contract(vehicle=car.name, language="en")
	html = render_html("Dealer Contract", sale.name, "Hand-over Act")
	assert f"{test_company()} has handed over and Иван Петров has accepted" in html
	buyout = make_contract(kind="Buyout", vehicle=car.name, language="en")
	html = render_html("Dealer Contract", buyout.name, "Hand-over Act")
	assert f"Иван Петров has handed over and {test_company()} has accepted" in html
	assert VIN in html


@pytest.mark.skipif(not can_make_pdf(), reason="no wkhtmltopdf here")
def test_a_contract_becomes_a_pdf_with_its_cyrillic():
	contract = make_contract(vehicle=make_vehicle(vin=VIN).name, language="ru")
	content = render_pdf("Dealer Contract", contract.name, "Contract of Sale")
	text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
	text = " ".join(text.split())
	assert VIN in text
	assert "Иван Петров" in text
