"""The body-repair pipeline as shipped, played through on a clock that the test holds."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta

import pytest
from factories import free_phone, make_channel, make_contact, make_deal, make_row, make_staff

import frappe
from frappe.gettext.translate import compile_translations

from auto_dealer.channels.process_event import process
from auto_dealer.channels.receive_event import store_event
from auto_dealer.pipelines.gate_error import StageGateError
from auto_dealer.robots import clock, tasks
from auto_dealer.robots.render import language_of

PIPELINE = "Body Repair"
PNG = base64.b64decode(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
PRIORITY_KINDS = {"Fuel Semitrailer", "After an Accident"}


@pytest.fixture(autouse=True)
def noon():
	frappe.flags.dealer_now = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
	make_row(
		"Email Account",
		name="Dealer mail",
		email_account_name="Dealer mail",
		email_id="dealer@site.example",
		enable_outgoing=1,
		default_outgoing=1,
		smtp_server="127.0.0.1",
		no_smtp_authentication=1,
	)


@pytest.fixture
def anna() -> str:
	return make_staff("anna", "Dealer Sales Manager")


@pytest.fixture
def head() -> str:
	for user in frappe.get_all(
		"Has Role", {"role": "Dealer Sales Head", "parenttype": "User"}, pluck="parent"
	):
		frappe.db.set_value("User", user, "enabled", 0)
	user = make_staff("senior", "Dealer Sales Head")
	frappe.db.set_value("User", user, "enabled", 1)
	return user


@pytest.fixture
def contact():
	return make_contact("Сергей Иванов", phones=[free_phone()], emails=["client@fleet.example"])


@pytest.fixture
def deal(anna, head, contact):
	return make_deal(pipeline=PIPELINE, responsible=anna, contact=contact.name, client_kind="Private Person")


def wait(**delta) -> None:
	"""Time passes; the minute job runs at the end of it."""
	frappe.flags.dealer_now = clock.now() + timedelta(**delta)
	for _round in range(2):
		tasks.every_minute()


def told(user: str, text: str) -> list:
	rows = frappe.get_all(
		"Notification Log",
		{"for_user": user, "type": "Alert"},
		["subject", "email_content"],
		order_by="creation",
	)
	return [row for row in rows if text in row.subject]


def add_photo(deal, name: str = "damage.png"):
	return frappe.get_doc(
		{
			"doctype": "File",
			"file_name": name,
			"content": PNG + name.encode(),
			"attached_to_doctype": "Auto Deal",
			"attached_to_name": deal.name,
			"is_private": 1,
		}
	).insert()


def stage(deal) -> str:
	return frappe.db.get_value("Auto Deal", deal.name, "stage")


def change(deal, **values):
	deal.reload()
	deal.update(values)
	deal.flags.stage_reason = "test"
	return deal.save()


def at(deal, name: str, **values):
	"""The deal is brought into a stage by hand, the photo and the sum that it asks for with it."""
	add_photo(deal, f"{name[:3]}.png")
	return change(deal, stage=name, **{"amount": 50_000, **values})


def messages(contact) -> list:
	return frappe.get_all("Client Message", {"contact": contact.name}, ["*"], order_by="creation")


# -- First Contact ---------------------------------------------------------------------------------


@pytest.mark.requirement("R65")
def test_the_manager_is_told_of_a_new_request(deal, anna):
	wait(seconds=1)
	assert len(told(anna, "New repair request")) == 1


@pytest.mark.requirement("R66")
def test_empty_kinds_are_asked_for(deal, anna):
	wait(minutes=11)
	assert [row.subject for row in told(anna, "Fill in: ")] == [f"Fill in: kind of object ({deal.title})"]


@pytest.mark.requirement("R66")
def test_filled_kinds_are_not_asked_for(deal, anna):
	change(deal, object_kind="Truck")
	wait(minutes=11)
	assert told(anna, "Fill in: ") == []


@pytest.mark.requirement("R66")
def test_the_notice_is_russian_for_a_russian_manager(user_with, head, contact):
	compile_translations("auto_dealer", "ru", force=True)
	frappe.cache.delete_keys("merged_translations")
	olga = user_with("Dealer Sales Manager", name="olga-ru", language="ru")
	make_deal(pipeline=PIPELINE, responsible=olga, contact=contact.name)
	wait(minutes=11)
	assert told(olga, "Заполнить")


@pytest.mark.requirement("R67")
def test_photos_or_a_meeting_are_asked_for(deal, anna):
	wait(minutes=6)
	(notice,) = told(anna, "Get photos of the damage or arrange a meeting")
	assert "or we go to the client" in notice.email_content


@pytest.mark.requirement("R64")
@pytest.mark.parametrize(
	("values", "is_told"),
	[
		({"object_kind": "Fuel Semitrailer"}, True),
		({"object_kind": "After an Accident"}, True),
		({"client_kind": "Fleet"}, True),
		({"client_kind": "Fleet", "object_kind": "After an Accident"}, True),
		({"object_kind": "Truck"}, False),
		({"client_kind": "Taxi", "object_kind": "Bus"}, False),
	],
)
def test_important_clients_and_objects_are_told_to_the_senior_manager(deal, head, values, is_told):
	wait(minutes=1)
	assert told(head, "special terms") == []
	change(deal, **values)
	wait(minutes=1)
	assert len(told(head, "special terms")) == int(is_told)
	change(deal, expected_close="2040-01-01")
	wait(minutes=1)
	assert len(told(head, "special terms")) == int(is_told)


@pytest.mark.requirement("R64")
def test_a_kind_that_an_administrator_adds_may_go_first_too(deal, head):
	kind = {"doctype": "Object Kind", "kind_name": "Crane", "is_priority": 1, "is_enabled": 1}
	frappe.get_doc(kind).insert()
	change(deal, object_kind="Crane")
	wait(minutes=1)
	assert len(told(head, "special terms")) == 1


# -- Inspection/Photo ------------------------------------------------------------------------------


@pytest.mark.requirement("R68")
def test_a_web_form_with_photos_makes_a_deal_in_the_inspection(anna):
	channel = make_channel("Repair form", pipeline=PIPELINE, creates="Lead and Deal")
	photo = {"filename": "damage.png", "content": base64.b64encode(PNG).decode()}
	body = json.dumps(
		{
			"external_id": "form-1",
			"kind": "web_form",
			"name": "Ирина",
			"phone": free_phone(),
			"attachments": [photo],
		}
	)
	event, _is_new = store_event(channel.name, body.encode(), body, "web_form", "form-1")
	deal = frappe._dict(name=process(event)["deal"])
	wait(seconds=1)
	assert stage(deal) == "Inspection/Photo"


@pytest.mark.requirement("R68")
def test_a_web_form_without_photos_starts_at_the_first_contact():
	channel = make_channel("Repair form", pipeline=PIPELINE, creates="Lead and Deal")
	body = json.dumps({"external_id": "form-1", "kind": "web_form", "name": "Ирина", "phone": free_phone()})
	event, _is_new = store_event(channel.name, body.encode(), body, "web_form", "form-2")
	deal = frappe._dict(name=process(event)["deal"])
	wait(minutes=1)
	assert stage(deal) == "First Contact"


@pytest.mark.requirement("R69")
def test_a_photo_moves_the_deal_and_other_files_do_not(deal, anna):
	add_photo(deal, "estimate.txt")
	wait(seconds=1)
	assert stage(deal) == "First Contact"
	add_photo(deal)
	wait(seconds=1)
	assert stage(deal) == "Inspection/Photo"
	wait(minutes=20)
	assert told(anna, "Get photos") == []


@pytest.mark.requirement("R70")
def test_no_photo_no_inspection(deal):
	with pytest.raises(StageGateError):
		change(deal, stage="Inspection/Photo")


@pytest.mark.requirement("R71")
def test_the_manager_is_to_calculate_with_the_extras(deal, anna):
	add_photo(deal)
	wait(seconds=1)
	(task,) = frappe.get_all(
		"ToDo", {"reference_name": deal.name, "allocated_to": anna}, ["description", "dealer_due_at"]
	)
	assert "Calculate the repair" in task.description
	assert "add the extras to the sum" in task.description
	assert task.dealer_due_at == clock.now() + timedelta(hours=24)
	assert len(told(anna, "Calculate the repair")) == 1


@pytest.mark.requirement("R72")
@pytest.mark.parametrize(("kind", "count"), [("Fleet", 1), ("Private Person", 0)])
def test_a_special_client_at_the_inspection(deal, head, kind, count):
	change(deal, client_kind=kind, object_kind="Truck")
	add_photo(deal)
	wait(seconds=1)
	notices = told(head, "special client is at the inspection")
	assert len(notices) == count
	for notice in notices:
		for part in ("Сергей Иванов", "Fleet", "Truck", deal.phone, "client@fleet.example"):
			assert part in notice.email_content


# -- Agreement -------------------------------------------------------------------------------------


@pytest.mark.requirement("R74")
def test_the_sum_moves_the_deal_from_the_inspection_only(deal, anna):
	change(deal, amount=10)
	wait(seconds=1)
	assert stage(deal) == "First Contact"
	add_photo(deal)
	wait(seconds=1)
	assert stage(deal) == "Inspection/Photo"
	change(deal, amount=50_000)
	wait(seconds=1)
	assert stage(deal) == "Agreement"
	# The invoice is made first, its link comes with the notice.
	wait(minutes=1, seconds=1)
	assert len(told(anna, "Agree the sum with the client")) == 1


# -- the car, the money ----------------------------------------------------------------------------


@pytest.mark.requirement("R80", "R249")
def test_calls_are_reminded_of_until_the_car_comes(deal, anna):
	at(deal, "Waiting for the Car")
	for day in range(1, 4):
		wait(days=1, seconds=1)
		(*_earlier, last) = told(anna, "Call the client")
		assert len(told(anna, "Call the client")) == day
		assert "bring the vehicle" in last.email_content
		assert "invoice is paid" in last.email_content
	change(deal, stage="Car in Work")
	wait(days=3)
	assert len(told(anna, "Call the client")) == 3


@pytest.mark.requirement("R80", "R249")
def test_the_period_is_the_customers(deal, anna):
	robot = frappe.get_doc("Stage Robot", {"seed_key": "body_repair_waiting"})
	robot.update({"repeat_every": 6, "repeat_unit": "Hours"})
	robot.save()
	at(deal, "Waiting for the Car")
	wait(hours=6, seconds=1)
	wait(hours=6, seconds=1)
	assert len(told(anna, "Call the client")) == 2


@pytest.mark.requirement("R81")
def test_the_client_is_waited_for_at_the_address(deal, contact):
	frappe.db.set_single_value("Dealer Settings", "client_address", "Ленина, 1")
	frappe.clear_document_cache("Dealer Settings", "Dealer Settings")
	switch_on("body_repair_waiting_client")
	at(deal, "Waiting for the Car")
	wait(seconds=1)
	(message,) = messages(contact)
	assert "Ленина, 1" in message.text
	assert (message.status, message.address) == ("Sent", "client@fleet.example")


def switch_on(key: str) -> None:
	robot = frappe.get_doc("Stage Robot", {"seed_key": key})
	assert not robot.is_enabled, "a message to clients is switched on by a person"
	robot.is_enabled = 1
	robot.save()


@pytest.mark.requirement("R82", "R84")
@pytest.mark.parametrize("name", ["Car in Work", "Waiting for Payment"])
def test_payment_is_reminded_of_until_it_is_there(deal, anna, name):
	at(deal, name)
	for day in range(1, 4):
		wait(days=1, seconds=1)
		assert len(told(anna, "Take the payment")) == day
	frappe.db.set_value("Auto Deal", deal.name, {"paid_amount": 50_000, "outstanding_amount": 0})
	wait(days=1, seconds=1)
	wait(days=5)
	assert len(told(anna, "Take the payment")) == 3
	assert frappe.db.exists(
		"Robot Run",
		{"reference_name": deal.name, "outcome": "Cancelled", "reason": ("like", "outstanding_amount = 0%")},
	)


@pytest.mark.requirement("R82", "R84")
@pytest.mark.parametrize("name", ["Car in Work", "Waiting for Payment"])
def test_a_paid_deal_is_not_reminded_of(deal, anna, name):
	change(deal, amount=50_000)
	frappe.db.set_value("Auto Deal", deal.name, {"paid_amount": 50_000, "outstanding_amount": 0})
	at(deal, name)
	wait(days=2)
	assert told(anna, "Take the payment") == []


@pytest.mark.requirement("R86", "R253")
@pytest.mark.parametrize(
	("values", "subject"),
	[({"stage": "Won"}, "A year has passed since the repair"), ({"stage": "Lost"}, "How is your vehicle?")],
)
def test_in_a_year_the_client_is_reminded_of_us(deal, contact, values, subject):
	reason = frappe.get_all("Lost Reason", pluck="name", limit=1)[0]
	at(deal, values["stage"], lost_reason=reason if values["stage"] == "Lost" else None)
	wait(days=364)
	assert messages(contact) == []
	wait(days=1, seconds=1)
	(message,) = messages(contact)
	assert (message.status, message.channel, message.address) == ("Sent", "email", "client@fleet.example")
	assert "Сергей Иванов" in message.text
	assert message.subject == frappe._(subject, lang=language_of())
	wait(days=400)
	assert len(messages(contact)) == 1


@pytest.mark.requirement("R86")
def test_a_deal_that_was_reopened_gets_no_letter(deal, contact):
	at(deal, "Won")
	wait(days=30)
	change(deal, stage="Car in Work")
	wait(days=340)
	assert messages(contact) == []


# -- deadlines -------------------------------------------------------------------------------------


@pytest.mark.requirement("R57", "R252")
@pytest.mark.parametrize("pipeline", ["New Cars", "Used Cars", "Buyout", PIPELINE, "Maintenance"])
def test_every_pipeline_tells_of_its_deadlines(anna, head, pipeline):
	frappe.db.set_value("Stage Robot", {"pipeline": ("is", "not set")}, "active_since", "2020-01-01")
	deal = make_deal(pipeline=pipeline, responsible=anna)
	long = datetime.now() + timedelta(days=20)
	frappe.db.set_value("Auto Deal", deal.name, "stage_deadline", long)
	frappe.flags.dealer_now = long - timedelta(hours=3)
	wait(minutes=1)
	assert told(anna, "is to be finished by") == []
	wait(hours=2)
	(near,) = told(anna, "is to be finished by")
	assert near.email_content
	wait(hours=1)
	assert len(told(anna, "the deadline of")) == 1
	assert told(head, "a day after") == []
	wait(days=1)
	assert len(told(head, "a day after its deadline")) == 1
	wait(hours=1)
	assert (len(told(anna, "is to be finished by")), len(told(anna, "the deadline of"))) == (1, 1)


@pytest.mark.requirement("R57")
def test_an_overdue_deal_that_nobody_holds_is_told_to_the_heads(head):
	frappe.db.set_value("Stage Robot", {"pipeline": ("is", "not set")}, "active_since", "2020-01-01")
	deal = make_deal(pipeline=PIPELINE)
	frappe.db.set_value("Auto Deal", deal.name, {"responsible": None, "stage_deadline": clock.now()})
	wait(minutes=1)
	assert len(told(head, "the deadline of")) == 1
