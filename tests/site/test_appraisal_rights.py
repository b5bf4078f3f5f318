"""Appraisals over HTTP: who reads and writes what, two saves and two clicks at the same moment, the sheet."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from factories import make_appraisal, make_deal, make_department, make_row, make_staff
from PIL import Image

import frappe
from frappe.model.workflow import apply_workflow

APPRAISAL = "Vehicle Appraisal"
API = "auto_dealer.appraisal.api"
PRICE = 1_171_717


@pytest.fixture
def people(committed) -> dict[str, str]:
	sales, used = make_department("Appraisal Sales"), make_department("Appraisal Used")
	return {
		"anna": make_staff("appr-r-anna", "Dealer Sales Manager", department=sales),
		"uma": make_staff("appr-r-uma", "Dealer Sales Manager", department=used),
		"head": make_staff("appr-r-head", "Dealer Sales Head", department=sales),
		"igor": make_staff("appr-r-igor", "Dealer Appraiser"),
		"oleg": make_staff("appr-r-oleg", "Dealer Appraiser"),
		"administrator": make_staff("appr-r-administrator", "Dealer Administrator"),
		"portal": make_staff("appr-r-portal", "Dealer Portal Administrator"),
		"marketer": make_staff("appr-r-marketer", "Dealer Marketer"),
		"mechanic": make_staff("appr-r-mechanic", "Dealer Mechanic"),
		"credit": make_staff("appr-r-credit", "Dealer Credit Specialist"),
		"sales": sales,
	}


@pytest.fixture
def appraisal(people):
	appraisal = make_appraisal(people["igor"], client_price=PRICE)
	deal = {"responsible": people["anna"], "queue": people["anna"], "department": people["sales"]}
	frappe.db.set_value("Auto Deal", appraisal.deal, deal)
	return appraisal


READERS = ("anna", "head", "igor", "administrator", "portal")
STRANGERS = ("uma", "oleg", "marketer", "mechanic", "credit")


def agree(appraisal):
	for action in ("Start Inspection", "Research the Market", "Prepare an Offer"):
		appraisal = apply_workflow(appraisal, action)
	appraisal.append("offers", {"kind": "Our Offer", "price": PRICE, "answer": "Accepted"})
	appraisal.save()
	return apply_workflow(apply_workflow(appraisal, "Make the Offer"), "Client Agrees")


@pytest.mark.requirement("R98", "R149")
def test_the_appraisal_follows_its_deal(api, people, appraisal):
	children = ("Appraisal Comparable", "Appraisal Check", "Appraisal Damage", "Appraisal Offer")
	for person in (*READERS, *STRANGERS):
		session = api(people[person])
		one = session.get(f"/api/resource/{APPRAISAL}/{appraisal.name}")
		many = session.get(f"/api/resource/{APPRAISAL}", params={"fields": '["*"]'})
		form = session.get(
			"/api/method/frappe.desk.form.load.getdoc", params={"doctype": APPRAISAL, "name": appraisal.name}
		)
		assert one.status_code == (200 if person in READERS else 403), (person, one.text[-300:])
		if person in READERS:
			assert str(PRICE) in one.text
			assert appraisal.name in many.text
			continue
		assert form.status_code in (403, 404), person
		assert appraisal.name not in many.text, person
		for child in children:
			rows = session.get(
				"/api/method/frappe.client.get_list",
				params={"doctype": child, "parent": APPRAISAL, "fields": '["*"]'},
			)
			assert appraisal.name not in rows.text, (person, child)


@pytest.mark.requirement("R98", "R149")
def test_only_the_appraiser_and_administrators_write(api, people, appraisal):
	path = f"/api/resource/{APPRAISAL}/{appraisal.name}"
	for person, status in (("anna", 403), ("head", 403), ("oleg", 403), ("igor", 200), ("portal", 200)):
		assert api(people[person]).put(path, json={"color": "Белый"}).status_code == status, person
	for person in ("anna", "igor", "head"):
		assert api(people[person]).delete(path).status_code == 403, person
		assert api(people[person]).post(f"/api/resource/{APPRAISAL}", json={"deal": "x"}).status_code == 403
	for method in ("ask_services", "make_buyout", "add_trade_in"):
		assert api(people["uma"]).call(f"{API}.{method}", appraisal=appraisal.name).status_code == 403
	assert api(people["anna"]).call(f"{API}.ask_services", appraisal=appraisal.name).status_code == 403


@pytest.mark.requirement("R101", "R149")
def test_questions_about_a_vin_follow_the_deal(api, people, appraisal):
	lookup = {
		"appraisal": appraisal.name,
		"deal": appraisal.deal,
		"connector": "X",
		"vin": "V",
		"found": "geheim",
	}
	row = make_row("VIN Lookup", **lookup, lookup_key=appraisal.name)
	for person, status in (("igor", 200), ("portal", 200), ("oleg", 403), ("anna", 403), ("mechanic", 403)):
		session = api(people[person])
		one = session.get(f"/api/resource/VIN Lookup/{row.name}")
		many = session.get("/api/resource/VIN Lookup", params={"fields": '["*"]'})
		assert one.status_code == status, person
		assert ("geheim" in many.text) is (status == 200), person
	assert (
		api(people["igor"]).put(f"/api/resource/VIN Lookup/{row.name}", json={"vin": "W"}).status_code == 403
	)


@pytest.mark.requirement("R100")
def test_the_manager_sees_status_and_prices_in_the_deal(api, http, people, appraisal):
	get = f"/api/method/{API}.get_deal_appraisal"
	state = api(people["anna"]).get(get, params={"deal": appraisal.deal}).json()["message"]
	assert (state["name"], state["stage"], state["client_price"]) == (appraisal.name, "New", PRICE)
	assert api(people["uma"]).get(get, params={"deal": appraisal.deal}).status_code == 403
	marketer = api(people["marketer"]).get(get, params={"deal": appraisal.deal}).json()["message"]
	assert marketer["stage"] == "New"
	assert "client_price" not in marketer
	for method in ("get_deal_appraisal", "get_calculation", "get_vin_state"):
		answer = http().get(f"/api/method/{API}.{method}", params={"deal": "x", "appraisal": appraisal.name})
		assert answer.status_code == 403, method


def test_settings_hide_the_secret_and_are_for_few(api, people):
	settings = frappe.get_single("Appraisal Settings")
	settings.update({"autoteka_client_secret": "Geheim-123", "autoteka_client_id": "x"})
	settings.save()
	path = "/api/resource/Appraisal Settings/Appraisal Settings"
	for person, status in (("igor", 200), ("portal", 200), ("anna", 403)):
		answer = api(people[person]).get(path)
		assert answer.status_code == status, person
		assert "Geheim" not in answer.text
	assert api(people["igor"]).put(path, json={"target_margin": 1}).status_code == 403


@pytest.mark.requirement("R99")
def test_two_saves_at_a_time_make_one_appraisal(api, people):
	deals = [make_deal(responsible=people["anna"], department=people["sales"]).name for _ in range(6)]
	sessions = [api(people["anna"]) for _ in range(4)]

	def save(job):
		session, deal = job
		values = {"needs_appraisal": 1, "appraiser": people["igor"]}
		return session.put(f"/api/resource/Auto Deal/{deal}", json=values)

	for deal in deals:
		with ThreadPoolExecutor(4) as pool:
			answers = list(pool.map(save, [(session, deal) for session in sessions]))
		assert {answer.status_code for answer in answers} <= {200, 409, 417}, [a.text[-200:] for a in answers]
		assert any(answer.ok for answer in answers)
		frappe.db.rollback()
		names = frappe.get_all(APPRAISAL, {"deal": deal}, pluck="name")
		assert len(names) == 1
		assert frappe.db.count("Notification Log", {"document_name": names[0]}) == 1
		assert frappe.db.count("ToDo", {"reference_name": names[0]}) == 1


@pytest.mark.requirement("R99")
def test_many_deals_at_a_time_get_their_appraisals(api, people):
	deals = [make_deal(responsible=people["anna"], department=people["sales"]).name for _ in range(16)]
	sessions = [api(people["anna"]) for _ in range(8)]

	def save(job):
		number, deal = job
		values = {"needs_appraisal": 1, "appraiser": people["igor"]}
		return sessions[number % 8].put(f"/api/resource/Auto Deal/{deal}", json=values)

	with ThreadPoolExecutor(8) as pool:
		answers = list(pool.map(save, enumerate(deals)))
	assert [answer.status_code for answer in answers] == [200] * 16, [
		a.text[-300:] for a in answers if not a.ok
	]
	frappe.db.rollback()
	assert frappe.db.count(APPRAISAL, {"deal": ("in", deals)}) == 16


@pytest.mark.requirement("R102")
def test_four_clicks_make_one_buyout_and_one_trade_in(api, people, appraisal):
	appraisal = agree(appraisal)
	sessions = [api(people["anna"]) for _ in range(4)]

	def click(job):
		session, method = job
		return session.call(f"{API}.{method}", appraisal=appraisal.name)

	for method in ("make_buyout", "add_trade_in"):
		with ThreadPoolExecutor(4) as pool:
			answers = list(pool.map(click, [(session, method) for session in sessions]))
		assert [answer.status_code for answer in answers] == [200] * 4, [
			a.text[-400:] for a in answers if not a.ok
		]
		messages = [answer.json()["message"] for answer in answers]
		assert len({message["deal"] for message in messages}) == 1
		assert sorted(message["is_new"] for message in messages) == [False, False, False, True]
	frappe.db.rollback()
	assert frappe.db.count("Auto Deal", {"external_key": f"appraisal:{appraisal.name}"}) == 1
	assert frappe.db.count("Auto Vehicle", {"vin": appraisal.vin}) == 1
	sale = frappe.get_doc("Auto Deal", appraisal.deal)
	assert (sale.trade_in_amount, bool(sale.trade_in_vehicle)) == (PRICE, True)


@pytest.mark.requirement("R98")
def test_the_sheet_shows_car_damages_and_photo_but_not_our_margin(api, http, people, appraisal):
	igor = api(people["igor"])
	picture = io.BytesIO()
	Image.new("RGB", (1600, 1200), "red").save(picture, "PNG")
	made = igor.post(
		"/api/method/upload_file",
		data={"doctype": APPRAISAL, "docname": appraisal.name, "is_private": 1},
		files={"file": ("dent.png", picture.getvalue(), "image/png")},
	)
	url = made.json()["message"]["file_url"]
	damage = {
		"zone": "Bodywork",
		"part": "Капот",
		"kind": "Dent",
		"severity": "Severe",
		"repair_cost": 33_000,
	}
	rows = [
		{**damage, "photo": url},
		{**damage, "part": "Дверь", "photo": "/private/files/of-somebody-else.png"},
	]
	changed = igor.put(
		f"/api/resource/{APPRAISAL}/{appraisal.name}", json={"damages": rows, "target_margin": 13}
	)
	assert changed.ok, changed.text[-300:]
	parameters = {"doctype": APPRAISAL, "name": appraisal.name, "format": "Appraisal Sheet", "_lang": "en"}
	sheet = igor.get("/printview", params=parameters)
	assert sheet.status_code == 200, sheet.text[-500:]
	for shown in (appraisal.vin, "Капот", "33,000.00", "Appraisal Sheet"):
		assert shown in sheet.text, shown
	assert sheet.text.count("data:image/jpeg;base64,") == 1
	assert "Target Margin" not in sheet.text
	reference = {"doctype": APPRAISAL, "name": appraisal.name, "print_format": "Appraisal Sheet"}
	link = igor.call("auto_dealer.documents.api.create_public_link", **reference)
	assert link.ok, link.text[-300:]
	guest = http().get(f"/api/method/{link.json()['message']['url'].split('/api/method/')[-1]}")
	assert guest.status_code == 200, guest.text[-300:]
	assert appraisal.vin in guest.text
	assert guest.text.count("data:image/jpeg;base64,") == 1
	assert "33 000,00" in guest.text.replace("\u00a0", " ")
	assert api(people["anna"]).get("/printview", params=parameters).status_code == 200
	assert api(people["uma"]).get("/printview", params=parameters).status_code in (403, 404)
	assert api(people["uma"]).get(url).status_code in (403, 404)
	listed = api(people["uma"]).get("/api/resource/File", params={"fields": '["*"]'})
	assert "dent" not in listed.text
