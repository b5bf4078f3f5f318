"""The register of cars follows the deals of the buyout, commission and sale pipelines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from factories import make_deal, make_staff, make_vehicle
from sql_counter import count_sql

import frappe
from frappe.utils import getdate, nowdate

from auto_dealer.pipelines.gate_error import StageGateError
from auto_dealer.pipelines.move_deal import move_deal
from auto_dealer.vehicles import stock_records
from auto_dealer.vehicles.register_vehicle import CarAlreadySold
from auto_dealer.vehicles.stock_records import register_in_stock, retry_failed

VIN = "XTA210990Y5554443"
STAGES = {"Buyout": "Deal Done", "Commission": "Contract Signed"}
JOB = "auto_dealer.vehicles.stock_records.register_in_stock"


def deal_of(pipeline: str = "Buyout", **values):
	if "vehicle" not in values:
		values["vehicle"] = make_vehicle(vin=VIN, year=2019).name
	return make_deal(pipeline=pipeline, responsible="Administrator", amount=850_000, **values)


def car_of(deal):
	return frappe.get_doc("Auto Vehicle", deal.vehicle)


def bought(pipeline: str = "Buyout", **values):
	deal = deal_of(pipeline, **values)
	move_deal(deal.name, STAGES[pipeline])
	return deal


# -- taken in --------------------------------------------------------------------------------------


@pytest.mark.requirement("R180", "R181", "R183")
def test_a_bought_car_becomes_own_stock_by_itself(queue):
	deal = deal_of()
	seller = deal.contact
	assert car_of(deal).ownership == "Client"
	move_deal(deal.name, "Deal Done")
	car = car_of(deal)
	assert (car.ownership, car.acquired_in, car.purchase_cost) == ("Own Stock", deal.name, 850_000)
	assert getdate(car.acquired_on) == getdate(nowdate())
	assert not car.owner_contact
	assert [(row.contact, bool(row.to_date)) for row in car.owners] == [(seller, True)]
	frappe.db.commit()
	assert queue.queued().count(JOB) == 1


@pytest.mark.requirement("R180", "R182", "R183")
def test_a_commission_car_stays_the_owners_and_off_our_books():
	deal = bought("Commission")
	car = car_of(deal)
	assert (car.ownership, car.acquired_in, car.owner_contact) == ("Commission", deal.name, deal.contact)
	assert (car.purchase_cost, car.commission_price) == (0, 850_000)
	register_in_stock(car.name)
	assert frappe.db.get_value("Serial No", VIN, "purchase_rate") == 0


@pytest.mark.requirement("R180")
def test_what_the_deal_knows_of_the_car_is_not_typed_again():
	car = frappe.get_doc({"doctype": "Auto Vehicle", "vin": VIN}).insert()
	wish = {"make": "Toyota", "model": "Toyota Camry", "year_from": 2018}
	car = car_of(bought(vehicle=car.name, vehicle_of_interest=[wish]))
	assert (car.make, car.model, car.year) == ("Toyota", "Toyota Camry", 2018)
	assert car.title.startswith("Toyota Camry 2018")


@pytest.mark.requirement("R181")
def test_the_gate_asks_for_the_car_and_its_vin():
	deal = deal_of(vehicle=None)
	with pytest.raises(StageGateError):
		move_deal(deal.name, "Deal Done")
	assert [field["fieldname"] for field in frappe.response["stage_gate"]["fields"]] == ["vehicle"]
	frappe.db.set_value("Auto Deal", deal.name, "vehicle", make_vehicle().name)
	with pytest.raises(StageGateError, match="VIN"):
		move_deal(deal.name, "Deal Done")
	move_deal(deal.name, "Deal Done", values={"vehicle": make_vehicle(frame_number="GX90-1234567").name})


@pytest.mark.requirement("R181", "R182")
def test_the_stage_is_known_by_its_setting_not_by_its_name():
	pipeline = frappe.get_doc("Deal Pipeline", "Buyout")
	for stage in pipeline.stages:
		if stage.stage_name == "Deal Done":
			stage.update({"stage_name": "Bought", "required_fields": ""})
	pipeline.save()
	deal = deal_of()
	move_deal(deal.name, "Bought")
	assert car_of(deal).ownership == "Own Stock"


def test_a_stage_entered_again_changes_nothing(queue):
	deal = bought()
	car = frappe.get_doc("Auto Vehicle", deal.vehicle)
	car.db_set({"purchase_cost": 1, "registration_status": "Done"})
	move_deal(deal.name, "Detailing")
	move_deal(deal.name, "Deal Done", reason="by mistake")
	assert frappe.db.get_value("Auto Vehicle", car.name, ["purchase_cost", "registration_status"]) == (
		1,
		"Done",
	)


def test_a_refused_move_leaves_the_car_alone(queue):
	deal = deal_of()
	frappe.db.savepoint("move")
	move_deal(deal.name, "Deal Done")
	frappe.db.rollback(save_point="move")
	assert car_of(deal).ownership == "Client"


def test_who_may_move_the_deal_needs_no_right_on_cars(as_user):
	appraiser = make_staff("register-credit", "Dealer Credit Specialist")
	deal = deal_of(credit_specialist=appraiser, needs_credit=1)
	assert not frappe.has_permission("Auto Vehicle", "write", user=appraiser)
	with as_user(appraiser):
		move_deal(deal.name, "Deal Done")
	assert car_of(deal).ownership == "Own Stock"


def test_other_moves_and_saves_cost_nothing():
	deal = deal_of()
	move_deal(deal.name, "Diagnostics")  # fills the caches
	move_deal(deal.name, "Price Agreement")
	with count_sql() as counter:
		move_deal(deal.name, "Detailing")
	assert not [query for query in counter.all if "tabAuto Vehicle" in query], counter
	assert len(counter.all) <= 9, counter


@pytest.mark.requirement("R181")
def test_two_parallel_deals_of_one_car(api):
	"""Both moves pass, one after the other; the register holds one of them whole."""
	car = make_vehicle(vin=VIN).name
	deals = [deal_of(vehicle=car).name for _deal in range(2)]
	sessions = [api() for _deal in deals]
	calls = [
		partial(session.call, "auto_dealer.pipelines.api.move", deal=deal, to_stage="Deal Done")
		for session, deal in zip(sessions, deals, strict=True)
	]
	with ThreadPoolExecutor(2) as pool:
		answers = list(pool.map(lambda call: call(), calls))
	assert [answer.status_code for answer in answers] == [200, 200], [a.text[-800:] for a in answers]
	frappe.db.rollback()
	doc = frappe.get_doc("Auto Vehicle", car)
	assert doc.ownership == "Own Stock"
	assert doc.acquired_in in deals


# -- sold ------------------------------------------------------------------------------------------


def won(**values):
	deal = make_deal(pipeline="Used Cars", responsible="Administrator", amount=990_000, **values)
	move_deal(deal.name, "Won")
	return deal


@pytest.mark.requirement("R183")
def test_a_sold_car_is_kept_with_its_history_and_its_new_owner():
	first = bought()
	sale = won(vehicle=first.vehicle)
	car = car_of(first)
	assert (car.ownership, car.sold_in, car.acquired_in) == ("Sold", sale.name, first.name)
	assert car.owner_contact == sale.contact
	assert [row.contact for row in car.owners] == [first.contact, sale.contact]
	with pytest.raises(CarAlreadySold):
		won(vehicle=first.vehicle)


def test_a_reopened_sale_gives_the_car_back():
	for pipeline, ownership in (("Buyout", "Own Stock"), ("Commission", "Commission")):
		first = bought(pipeline, vehicle=make_vehicle(frame_number=f"GX90-{pipeline}").name)
		sale = won(vehicle=first.vehicle)
		move_deal(sale.name, "Payment", reason="the payment was returned")
		car = car_of(first)
		assert (car.ownership, car.sold_in, car.sold_on) == (ownership, None, None)
		assert car.owner_contact == (first.contact if pipeline == "Commission" else None)
		move_deal(sale.name, "Won")
		assert car_of(first).ownership == "Sold"


def test_a_sold_car_is_bought_back():
	first = bought()
	won(vehicle=first.vehicle)
	second = bought(vehicle=first.vehicle)
	car = car_of(first)
	assert (car.ownership, car.acquired_in, car.sold_in) == ("Own Stock", second.name, None)
	assert won(vehicle=first.vehicle).name == car_of(first).sold_in


# -- ERPNext ---------------------------------------------------------------------------------------


@pytest.mark.requirement("R180", "R183")
def test_the_job_makes_item_and_serial_number_once():
	car = bought().vehicle
	for _run in range(2):
		register_in_stock(car)
	doc = frappe.get_doc("Auto Vehicle", car)
	assert (doc.item, doc.serial_no, doc.registration_status) == ("Toyota Camry", VIN, "Done")
	serial = frappe.get_doc("Serial No", VIN)
	assert (serial.item_code, serial.purchase_rate) == ("Toyota Camry", 850_000)
	assert frappe.db.get_value("Item", "Toyota Camry", ["has_serial_no", "is_stock_item"]) == (1, 1)
	other = bought(vehicle=make_vehicle(vin="1M8GDM9AXKP042788").name)
	register_in_stock(other.vehicle)
	assert frappe.db.count("Item", {"item_name": "Toyota Camry"}) == 1


def test_a_failure_is_shown_and_tried_again(monkeypatch, queue, committed):
	car = bought().vehicle
	frappe.db.commit()

	def broken(_car):
		raise frappe.ValidationError("No item group")

	with monkeypatch.context() as patched:
		patched.setattr(stock_records, "ensure_item", broken)
		register_in_stock(car)
	fields = ["registration_status", "registration_error", "registration_attempts", "ownership"]
	assert frappe.db.get_value("Auto Vehicle", car, fields) == ("Failed", "No item group", 1, "Own Stock")
	queue.clear()
	frappe.db.commit()
	assert retry_failed() == 1
	frappe.db.commit()
	assert queue.queued() == [JOB]
	queue.run_here()
	assert frappe.db.get_value("Auto Vehicle", car, fields[:2]) == ("Done", None)
	assert retry_failed() == 0


def test_a_lost_lock_is_for_the_queue_to_repeat(monkeypatch):
	car = bought().vehicle

	def deadlock(_car):
		raise frappe.QueryDeadlockError

	monkeypatch.setattr(stock_records, "ensure_item", deadlock)
	with pytest.raises(frappe.RetryBackgroundJobError):
		register_in_stock(car)


@pytest.mark.requirement("R180")
def test_a_real_worker_registers_the_car(jobs):
	car = bought().vehicle
	jobs.work_off()
	assert frappe.db.get_value("Auto Vehicle", car, ["serial_no", "registration_status"]) == (VIN, "Done")


# -- the card --------------------------------------------------------------------------------------


def test_what_a_car_has_cost_is_for_the_heads(api):
	car = bought().vehicle
	for role, sees in (
		("Dealer Sales Manager", False),
		("Dealer Mechanic", False),
		("Dealer Sales Head", True),
	):
		session = api(make_staff(f"cost-{role}", role))
		stored = session.get(f"/api/resource/Auto Vehicle/{car}").json()["data"]
		assert bool(stored.get("purchase_cost")) == sees, role
		assert stored["ownership"] == "Own Stock"
		rows = session.get("/api/resource/Auto Vehicle", params={"fields": '["ownership", "purchase_cost"]'})
		assert bool(rows.json()["data"][0].get("purchase_cost")) == sees, role
	session = api(make_staff("cost-Dealer Sales Manager", "Dealer Sales Manager"))
	assert session.put(f"/api/resource/Auto Vehicle/{car}", json={"color": "Red"}).status_code == 200
	frappe.db.rollback()
	assert frappe.db.get_value("Auto Vehicle", car, "purchase_cost") == 850_000


@pytest.mark.requirement("R183", "R184")
def test_cars_are_searched_sorted_and_filtered(api):
	own = bought().vehicle
	commission = bought("Commission", vehicle=make_vehicle(vin="1M8GDM9AXKP042788").name).vehicle
	session = api(make_staff("list", "Dealer Sales Manager"))

	def listed(**filters):
		rows = session.get(
			"/api/resource/Auto Vehicle",
			params={"filters": frappe.as_json(filters), "order_by": "acquired_on desc, vin asc"},
		).json()["data"]
		return [row["name"] for row in rows]

	assert listed(ownership="Own Stock") == [own]
	assert listed(ownership="Commission") == [commission]
	assert listed(ownership=["in", ["Own Stock", "Commission"]]) == [commission, own]
	assert listed(vin=VIN, model="Toyota Camry") == [own]
	assert listed(ownership="Sold") == []
