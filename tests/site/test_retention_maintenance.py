"""Maintenance plans and invitations: one deal for one maintenance, told and written; what stops it. Birthdays."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from factories import (
	free_vin,
	make_contact,
	make_pipeline_deal,
	make_row,
	make_serviced_vehicle,
	make_staff,
	make_vehicle,
)
from sql_counter import count_sql

import frappe
from frappe.utils import getdate

from auto_dealer.retention import birthdays, follow_booking, invite_owner, plan_cars, run_night, sold_cars
from auto_dealer.retention.api import get_forecast
from auto_dealer.retention.rules.invite import cycle_key
from auto_dealer.sales.retry import retry_on_deadlock
from auto_dealer.setup.retention import add_retention

PLAN, DEAL = "Maintenance Plan", "Auto Deal"
SERVICED = "2025-06-01"
# Twelve months later less fourteen days.
FIRST_DAY = "2026-05-18 03:00:00"


@pytest.fixture(autouse=True)
def _settings():
	"""As shipped, whatever the site's own are."""
	settings = frappe.get_single("Retention Settings")
	settings.update(
		{
			"is_enabled": 1,
			"months": 12,
			"kilometres": 15_000,
			"daily_km": 10,
			"days_before": 14,
			"most_overdue_days": 365,
			"pipeline": "Maintenance",
			"responsible": None,
			"intervals": [],
			"service_group": None,
			"invite_client": 1,
			"booking_address": None,
			"booked_stage": "Booked",
			"invitation": "{client}, пора на ТО: {car}, {date}. {link}",
			"congratulate": 0,
		}
	)
	settings.save()
	yield
	frappe.clear_document_cache("Retention Settings", "Retention Settings")


@pytest.fixture
def client() -> str:
	return make_contact("Мария", phones=["+79051234567"], emails=["maria@client.example"]).name


def at(moment: str) -> None:
	frappe.flags.dealer_now = moment


def night(moment: str = FIRST_DAY) -> list[str]:
	at(moment)
	return run_night.run_night()


def plan_of(car) -> frappe.model.document.Document:
	return frappe.get_doc(PLAN, car.name)


def deals_of(car, **filters) -> list:
	return frappe.get_all(DEAL, {"vehicle": car.name, **filters}, ["*"], order_by="creation")


# -- the forecast ----------------------------------------------------------------------------------


@pytest.mark.requirement("R55", "R254")
def test_the_plan_says_when_and_why(client):
	readings = [
		{"reading_date": "2025-06-01", "mileage": 30_000},
		{"reading_date": "2025-08-30", "mileage": 39_000},
	]
	by_mileage = make_serviced_vehicle(client, SERVICED, mileage_log=readings)
	by_months = make_serviced_vehicle(client, SERVICED)
	unknown = make_vehicle(vin=free_vin(), owner_contact=client)
	at("2025-09-01 03:00:00")
	plan_cars.plan_all()
	plan = plan_of(by_mileage)
	# 100 km a day: 6 000 km are left from 30 August.
	assert (plan.due_on, plan.due_by, plan.due_mileage) == (date(2025, 10, 29), "Mileage", 45_000)
	assert (plan.daily_km, plan.is_own_rate, plan.status) == (100, 1, "Waiting")
	plan = plan_of(by_months)
	assert (plan.due_on, plan.due_by, plan.is_own_rate) == (date(2026, 6, 1), "Months", 0)
	assert plan_of(unknown).status == "No Data"
	shown = get_forecast(by_mileage.name)
	assert (shown["due_on"], shown["has_plan"]) == (date(2025, 10, 29), True)


@pytest.mark.requirement("R254")
def test_the_interval_of_a_make_or_model_counts(client):
	settings = frappe.get_single("Retention Settings")
	settings.append("intervals", {"make": "Toyota", "months": 6})
	settings.append("intervals", {"make": "Toyota", "model": "Toyota RAV4", "months": 9})
	settings.save()
	at("2025-06-02")
	camry = make_serviced_vehicle(client, SERVICED, model="Toyota Camry")
	rav4 = make_serviced_vehicle(client, SERVICED, model="Toyota RAV4")
	assert [plan_of(car).due_on for car in (camry, rav4)] == [date(2025, 12, 1), date(2026, 3, 1)]


@pytest.mark.requirement("R55")
def test_the_last_maintenance_comes_from_deals_orders_sales_and_people(client):
	car = make_serviced_vehicle(client, SERVICED)
	assert plan_of(car).last_service_on == date(2025, 6, 1)
	make_row(
		DEAL,
		pipeline="Maintenance",
		stage="Won",
		result="Won",
		is_closed=1,
		vehicle=car.name,
		contact=client,
		closed_at="2025-07-01 12:00:00",
	)
	make_row(
		"Service Work Order",
		vehicle=car.name,
		stage="Closed",
		mileage=33_000,
		handed_over_at="2025-08-01 18:00:00",
	)
	make_row("Service Work Order", vehicle=car.name, stage="Cancelled", handed_over_at="2025-09-01 18:00:00")
	sold = make_vehicle(vin=free_vin(), owner_contact=client, ownership="Sold")
	frappe.db.set_value("Auto Vehicle", sold.name, "sold_on", "2025-05-05")
	at("2025-10-01")
	plan_cars.plan_all()
	plan = plan_of(car)
	assert (plan.last_service_on, plan.last_service_mileage) == (date(2025, 8, 1), 33_000)
	assert plan_of(sold).due_on == date(2026, 5, 5)


@pytest.mark.requirement("R254")
def test_only_orders_of_the_chosen_services_count(client):
	car = make_serviced_vehicle(client, SERVICED)
	frappe.get_doc({"doctype": "Service Group", "group_name": "ТО-тест", "is_enabled": 1}).insert()
	offering = make_row("Service Offering", offering_name="ТО-1", group="ТО-тест", name="ТО-1 тест")
	for day, rows in (("2025-08-01 10:00:00", [{"offering": offering.name}]), ("2025-09-01 10:00:00", [])):
		values = {"vehicle": car.name, "stage": "Closed", "handed_over_at": day}
		make_row("Service Work Order", **values, offerings=rows)
	settings = frappe.get_single("Retention Settings")
	settings.service_group = "ТО-тест"
	settings.save()
	at("2025-10-01")
	plan_cars.plan_all()
	assert plan_of(car).last_service_on == date(2025, 8, 1)


def test_a_batch_of_cars_takes_a_fixed_number_of_queries(client):
	cars = [make_serviced_vehicle(client, SERVICED).name for _ in range(3)]
	at("2025-07-01")
	plan_cars.plan_batch(cars)
	with count_sql() as three:
		plan_cars.plan_batch(cars)
	cars += [make_serviced_vehicle(client, SERVICED).name for _ in range(12)]
	plan_cars.plan_batch(cars)
	with count_sql() as fifteen:
		plan_cars.plan_batch(cars)
	assert len(fifteen.all) == len(three.all) <= 14


def test_a_plan_is_not_written_by_hand_but_for_what_people_know(client):
	at("2025-07-01")
	plan = plan_of(make_serviced_vehicle(client, SERVICED))
	plan.update({"due_on": "2020-01-01", "status": "Booked", "deal": make_pipeline_deal("Maintenance").name})
	plan.save()
	assert (plan.due_on, plan.status, plan.deal) == (date(2026, 6, 1), "Waiting", None)
	plan.own_service_on = "2025-06-15"
	plan.save()
	assert plan.due_on == date(2026, 6, 15)
	plan.own_service_on = "2025-07-02"
	with pytest.raises(frappe.ValidationError, match="future"):
		plan.save()


def test_settings_that_say_nothing_are_refused():
	settings = frappe.get_single("Retention Settings")
	settings.update({"months": 0, "kilometres": 0})
	with pytest.raises(frappe.ValidationError, match="months or the kilometres"):
		settings.save()
	settings.reload()
	settings.update({"months": 12, "invitation": "{klient}"})
	with pytest.raises(frappe.ValidationError, match="klient"):
		settings.save()


def test_an_admin_s_settings_survive_a_migrate():
	frappe.db.set_single_value("Retention Settings", "invitation", "")
	frappe.delete_doc("Lost Reason", "Car is sold")
	add_retention()
	assert not frappe.db.get_single_value("Retention Settings", "invitation", cache=False)
	assert not frappe.db.exists("Lost Reason", "Car is sold")


# -- one card, a notice, an invitation -------------------------------------------------------------


@pytest.mark.requirement("R55", "R56", "R254")
def test_a_due_car_gets_one_deal_a_notice_and_an_invitation(client):
	advisor = make_staff("retention-sveta", "Dealer Service Advisor")
	frappe.db.set_single_value("Retention Settings", "responsible", advisor)
	frappe.clear_document_cache("Retention Settings", "Retention Settings")
	car = make_serviced_vehicle(client, SERVICED)
	night("2026-05-17 03:00:00")
	assert deals_of(car) == [], "a day too early"
	made = night()
	deal = deals_of(car)[0]
	assert deal.name in made
	assert (deal.pipeline, deal.stage, deal.responsible, deal.contact) == (
		"Maintenance",
		"Due",
		advisor,
		client,
	)
	assert deal.external_key == cycle_key(car.name, getdate(SERVICED))
	notices = frappe.get_all("Notification Log", {"document_name": deal.name}, ["for_user", "subject"])
	assert [row.for_user for row in notices] == [advisor]
	assert deal.title in notices[0].subject
	message = frappe.get_last_doc("Client Message", {"reference_name": deal.name})
	assert message.contact == client
	assert message.text.startswith("Мария, пора на ТО: Toyota Camry")
	assert f"/book?vehicle={car.name}" in message.text
	plan = plan_of(car)
	assert (plan.status, plan.deal) == ("Invited", deal.name)
	# The next nights do nothing, neither while the deal is open nor after it was lost.
	night("2026-05-19 03:00:00")
	frappe.db.set_value(DEAL, deal.name, {"is_closed": 1, "result": "Lost", "stage": "Lost"})
	night("2026-05-20 03:00:00")
	assert len(deals_of(car)) == 1
	assert frappe.db.count("Client Message", {"reference_name": deal.name}) == 1


@pytest.mark.requirement("R55", "R254")
def test_the_next_maintenance_is_another_deal_of_the_same_manager(client):
	manager = make_staff("retention-anna", "Dealer Service Advisor")
	car = make_serviced_vehicle(client, SERVICED)
	night()
	first = deals_of(car)[0].name
	closed = {"is_closed": 1, "result": "Won", "stage": "Won", "closed_at": "2026-06-03 10:00:00"}
	frappe.db.set_value(DEAL, first, {**closed, "responsible": manager})
	night("2026-06-04 03:00:00")
	assert plan_of(car).due_on == date(2027, 6, 3)
	night("2027-05-21 03:00:00")
	deals = deals_of(car)
	assert len(deals) == 2
	assert deals[1].responsible == manager


@pytest.mark.requirement("R55")
def test_without_a_responsible_the_advisors_are_told(client):
	advisor = make_staff("retention-olga", "Dealer Service Advisor")
	car = make_serviced_vehicle(client, SERVICED)
	night()
	deal = deals_of(car)[0]
	assert (deal.responsible, deal.is_unsorted) == (None, 1)
	told = frappe.get_all("Notification Log", {"document_name": deal.name}, pluck="for_user")
	assert advisor in told


@pytest.mark.requirement("R56")
def test_who_wants_no_letters_gets_none_and_the_text_is_the_dealer_s(client):
	frappe.db.set_value("Contact", client, "unsubscribed", 1)
	car = make_serviced_vehicle(client, SERVICED)
	night()
	assert len(deals_of(car)) == 1
	assert not frappe.db.exists("Client Message", {"contact": client})
	frappe.db.set_value("Contact", client, "unsubscribed", 0)
	settings = {"invitation": "Приезжайте: {link}", "booking_address": "https://dealer.example/to?utm=1"}
	frappe.get_single("Retention Settings").update(settings).save()
	other = make_serviced_vehicle(client, SERVICED)
	night()
	text = frappe.get_last_doc("Client Message", {"contact": client}).text
	assert text == f"Приезжайте: https://dealer.example/to?utm=1&vehicle={other.name}"


@pytest.mark.requirement("R55", "R254")
@pytest.mark.parametrize(
	"way", ["booking", "order", "deal", "stopped", "own stock", "no owner", "off", "too late"]
)
def test_what_stops_an_invitation(client, way):
	car = make_serviced_vehicle(client, SERVICED)
	moment = FIRST_DAY
	if way == "booking":
		times = {"start": "2026-05-25 10:00:00", "end": "2026-05-25 12:00:00"}
		make_row("Service Booking", vehicle=car.name, status="Confirmed", **times)
	elif way == "order":
		make_row("Service Work Order", vehicle=car.name, stage="In Work")
	elif way == "deal":
		make_pipeline_deal("Maintenance", vehicle=car.name, contact=client)
	elif way == "stopped":
		plan = plan_of(car)
		plan.update({"is_stopped": 1, "stop_reason": "Просил не звонить"})
		plan.save()
	elif way == "own stock":
		frappe.db.set_value("Auto Vehicle", car.name, {"ownership": "Own Stock", "owner_contact": None})
	elif way == "no owner":
		frappe.db.set_value("Auto Vehicle", car.name, "owner_contact", None)
	elif way == "off":
		frappe.get_single("Retention Settings").update({"is_enabled": 0}).save()
	elif way == "too late":
		moment = "2027-06-02 03:00:00"
	before = len(deals_of(car))
	night(moment)
	assert len(deals_of(car)) == before
	assert not frappe.db.exists("Client Message", {"contact": client})


@pytest.mark.requirement("R55")
@pytest.mark.parametrize("names_the_car", [True, False])
def test_a_booking_moves_the_deal_on(client, queue, names_the_car):
	advisor = make_staff("retention-vera", "Dealer Service Advisor")
	frappe.get_single("Retention Settings").update({"responsible": advisor}).save()
	car = make_serviced_vehicle(client, SERVICED)
	night()
	deal = deals_of(car)[0].name
	message = frappe.get_last_doc("Client Message", {"reference_name": deal})
	message.db_set("status", "Queued")
	times = {"start": "2026-05-25 10:00:00", "end": "2026-05-25 12:00:00"}
	booking = make_row(
		"Service Booking",
		contact=client,
		status="Requested",
		vehicle=car.name if names_the_car else None,
		**times,
	)
	follow_booking.after_insert(booking)
	frappe.db.after_commit.run()
	queue.run_here()
	assert frappe.db.get_value(DEAL, deal, "stage") == "Booked"
	assert frappe.db.get_value("Service Booking", booking.name, "deal") == deal
	assert frappe.db.get_value("Client Message", message.name, "status") == "Cancelled"
	night("2026-05-19 03:00:00")
	assert plan_of(car).status == "Booked"


@pytest.mark.requirement("R55")
def test_a_deal_that_lacks_what_the_stage_needs_stays_and_says_so(client):
	car = make_serviced_vehicle(client, SERVICED)
	night()
	deal = deals_of(car)[0].name
	times = {"start": "2026-05-25 10:00:00", "end": "2026-05-25 12:00:00"}
	booking = make_row("Service Booking", contact=client, status="Requested", vehicle=car.name, **times)
	follow_booking.follow(booking.name, deal)
	assert frappe.db.get_value(DEAL, deal, "stage") == "Due"
	notes = frappe.get_all("Comment", {"reference_name": deal, "comment_type": "Info"}, pluck="content")
	assert any(booking.name in note for note in notes)


@pytest.mark.requirement("R254")
def test_a_booking_that_was_cancelled_or_is_over_stops_nothing(client):
	car = make_serviced_vehicle(client, SERVICED)
	times = {"start": "2026-05-25 10:00:00", "end": "2026-05-25 12:00:00"}
	make_row("Service Booking", vehicle=car.name, status="Cancelled", **times)
	past = {"start": "2026-05-01 10:00:00", "end": "2026-05-01 12:00:00"}
	make_row("Service Booking", vehicle=car.name, status="Confirmed", **past)
	night()
	assert len(deals_of(car)) == 1


@pytest.mark.requirement("R55", "R254")
def test_a_sold_car_ends_the_invitation_and_the_new_owner_gets_one(client):
	car = make_serviced_vehicle(client, SERVICED)
	night()
	deal = deals_of(car)[0].name
	message = frappe.get_last_doc("Client Message", {"reference_name": deal})
	message.db_set("status", "Queued")
	buyer = make_contact("Пётр", phones=["+79057654321"]).name
	frappe.db.set_value("Auto Vehicle", car.name, "owner_contact", buyer)
	night("2026-05-19 03:00:00")
	stored = frappe.db.get_value(DEAL, deal, ["stage", "lost_reason", "is_closed"])
	assert stored == ("Lost", "Car is sold", 1)
	assert frappe.db.get_value("Client Message", message.name, "status") == "Cancelled"
	assert [row.contact for row in deals_of(car)] == [client, buyer]
	night("2026-05-20 03:00:00")
	assert len(deals_of(car)) == 2


def test_a_refused_closing_holds_up_nobody(client, monkeypatch):
	cars = [make_serviced_vehicle(client, SERVICED) for _ in range(2)]
	night()
	frappe.db.set_value("Auto Vehicle", {"name": ("in", [car.name for car in cars])}, "owner_contact", None)
	bad = min(deals_of(car)[0].name for car in cars)
	cancel = sold_cars.cancel_messages

	def fails_once(deal):
		if deal == bad:
			raise frappe.ValidationError("broken")
		cancel(deal)

	monkeypatch.setattr(sold_cars, "cancel_messages", fails_once)
	# What has failed is rolled back; here everything is one transaction.
	monkeypatch.setattr(frappe.db, "rollback", lambda *args, **kwargs: None)
	closed = sold_cars.close_for_sold_cars()
	monkeypatch.undo()
	assert len(closed) == 1
	assert bad not in closed


def test_a_deleted_car_takes_its_plan_along(client):
	car = make_serviced_vehicle(client, SERVICED)
	frappe.delete_doc("Auto Vehicle", car.name)
	assert not frappe.db.exists(PLAN, car.name)


@pytest.mark.requirement("R55")
def test_a_deal_that_is_worked_on_is_not_closed_but_told(client):
	advisor = make_staff("retention-ira", "Dealer Service Advisor")
	car = make_serviced_vehicle(client, SERVICED)
	night()
	deal = frappe.get_doc(DEAL, deals_of(car)[0].name)
	deal.update({"responsible": advisor, "stage": "Contacted"})
	deal.save()
	frappe.db.set_value("Auto Vehicle", car.name, {"ownership": "Own Stock", "owner_contact": None})
	night("2026-05-19 03:00:00")
	night("2026-05-20 03:00:00")
	assert frappe.db.get_value(DEAL, deal.name, "stage") == "Contacted"
	told = {"document_name": deal.name, "for_user": advisor, "subject": ("like", "%has sold the car%")}
	assert frappe.db.count("Notification Log", told) == 1


@pytest.mark.requirement("R55")
def test_a_car_whose_deal_cannot_be_made_holds_up_no_other(client, monkeypatch):
	cars = [make_serviced_vehicle(client, SERVICED) for _ in range(2)]
	bad = min(car.name for car in cars)
	make = invite_owner.make_deal

	def fails_once(vehicle, values):
		if vehicle == bad:
			raise frappe.ValidationError("broken")
		return make(vehicle, values)

	monkeypatch.setattr(invite_owner, "make_deal", fails_once)
	# The night rolls back what has failed; here everything is one transaction.
	monkeypatch.setattr(frappe.db, "rollback", lambda *args, **kwargs: None)
	night()
	monkeypatch.undo()
	assert "broken" in frappe.db.get_value(PLAN, bad, "error")
	assert sum(len(deals_of(car)) for car in cars) == 1


# -- two workers -----------------------------------------------------------------------------------


@pytest.mark.requirement("R55", "R254")
def test_two_workers_at_a_time_make_one_deal(committed, client):
	cars = [make_serviced_vehicle(client, SERVICED).name for _ in range(6)]
	at(FIRST_DAY)
	plan_cars.plan_all()
	frappe.db.commit()
	site, barrier = frappe.local.site, threading.Barrier(4)

	def work(_worker):
		frappe.init(site=site, force=True)
		frappe.connect()
		try:
			frappe.flags.dealer_now = FIRST_DAY
			frappe.flags.mute_emails = True
			made = []
			for car in cars:
				barrier.wait()
				made.append(retry_on_deadlock(lambda car=car: invite_owner.invite_owner(car)))
				frappe.db.commit()
			return made
		finally:
			frappe.destroy()

	with ThreadPoolExecutor(4) as pool:
		results = list(pool.map(work, range(4)))
	frappe.db.rollback()
	for index, car in enumerate(cars):
		made = [result[index] for result in results if result[index]]
		assert len(made) == 1
		assert frappe.get_all(DEAL, {"vehicle": car}, pluck="name") == made
		assert frappe.db.count("Client Message", {"reference_name": made[0]}) == 1


@pytest.mark.requirement("R55")
def test_a_deal_made_meanwhile_is_met_by_the_unique_key(client):
	car = make_serviced_vehicle(client, SERVICED)
	at(FIRST_DAY)
	values = plan_cars.compute([car.name])[car.name]
	assert invite_owner.make_deal(car.name, values)
	assert invite_owner.make_deal(car.name, values) is None
	assert len(deals_of(car)) == 1


# -- who sees and changes plans --------------------------------------------------------------------


@pytest.mark.requirement("R149")
def test_plans_are_for_the_service_and_read_by_sellers(api, client):
	car = make_serviced_vehicle(client, SERVICED)
	path = f"/api/resource/{PLAN}/{car.name}"
	cases = (
		("Dealer Service Advisor", 200, 200),
		("Dealer Sales Manager", 200, 403),
		("Dealer Mechanic", 403, 403),
		("Dealer Marketer", 403, 403),
		("Dealer Portal Administrator", 200, 200),
	)
	for role, reads, writes in cases:
		session = api(make_staff(f"retention-{role}", role))
		assert session.get(path).status_code == reads, role
		assert session.put(path, json={"is_stopped": 1}).status_code == writes, role
		shown = session.get(
			"/api/method/auto_dealer.retention.api.get_forecast", params={"vehicle": car.name}
		)
		assert bool(shown.json().get("message")) is (reads == 200), role
	settings = "/api/resource/Retention Settings/Retention Settings"
	advisor = api(make_staff("retention-Dealer Service Advisor", "Dealer Service Advisor"))
	assert advisor.get(settings).status_code == 200
	assert advisor.put(settings, json={"months": 1}).status_code == 403


# -- congratulations -------------------------------------------------------------------------------


@pytest.mark.requirement("R255")
def test_birthdays_are_off_at_first_and_once_a_year(client):
	frappe.db.set_value("Contact", client, "dealer_birth_date", "1985-03-08")
	at("2026-03-08 10:00:00")
	assert birthdays.congratulate_all() == []
	settings = {"congratulate": 1, "congratulation": "{client}, с днём рождения!"}
	frappe.get_single("Retention Settings").update(settings).save()
	sent = birthdays.congratulate_all()
	messages = frappe.get_all("Client Message", {"contact": client}, ["name", "text"])
	assert [row.text for row in messages] == ["Мария, с днём рождения!"]
	assert messages[0].name in sent
	assert birthdays.congratulate_all() == []
	at("2026-03-09 10:00:00")
	assert birthdays.congratulate_all() == []
	at("2027-03-08 10:00:00")
	assert len(birthdays.congratulate_all()) == 1


@pytest.mark.requirement("R255")
def test_of_two_workers_one_congratulates_and_those_who_want_none_are_left_alone(client):
	frappe.db.set_value("Contact", client, "dealer_birth_date", "1985-03-08")
	other = make_contact("Пётр", phones=["+79057654000"], dealer_birth_date="1990-03-08", unsubscribed=1)
	at("2026-03-08 10:00:00")
	rows = birthdays.birthday_children()
	assert client in [row.name for row in rows]
	assert other.name not in [row.name for row in rows]
	row = next(row for row in rows if row.name == client)
	assert birthdays.congratulate(row, "{client}")
	assert birthdays.congratulate(row, "{client}") is None
	assert frappe.db.count("Client Message", {"contact": client}) == 1
