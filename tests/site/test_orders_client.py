"""The client's side of a work order: what is seen, the answer line by line, what is frozen, what was put off."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from factories import make_agreed_order, make_staff, make_stock_item, make_vehicle, make_work_order, stock_of

import frappe

from auto_dealer.orders import api, client_view
from auto_dealer.orders.answer_estimate import AnswerNotTaken, EstimateChanged
from auto_dealer.orders.frozen_records import RecordIsFrozen
from auto_dealer.orders.mileage import MileageFell
from auto_dealer.orders.stage_check import NoSuchMove, StageNotReady

WORK = {"description": "Замена колодок", "hours": 2, "rate": 1500}
CLEAN = {"description": "Чистка", "hours": 1, "rate": 900}


def asked_order(**values):
	order = make_work_order(**{"labour": [WORK, CLEAN], **values})
	order.stage = "Estimate"
	return order.save()


def reply(
	order, *approve: bool, shown: dict | None = None, name: str = "Анна", ip: str = "203.0.113.7"
) -> dict:
	shown = shown or client_view.view(order.name)
	answers = dict(zip([line["id"] for line in shown["lines"] if line["is_asked"]], approve, strict=True))
	return client_view.answer(order.name, answers, name, ip, shown["snapshot_hash"])


def test_the_client_sees_lines_sums_and_nothing_of_the_staffs(as_user):
	order = asked_order(
		notes="секрет мастера",
		sublets=[{"description": "Токарь", "rate": 700, "cost": 333}],
		photos=[
			{"photo": "/private/files/a.jpg", "caption": "Видно", "is_shown": 1},
			{"photo": "/private/files/b.jpg", "caption": "Скрыто", "is_shown": 0},
		],
	)
	with as_user("Guest"):
		shown = client_view.view(order.name)
	assert [line["amount"] for line in shown["lines"]] == ["3000.00", "900.00", "700.00"]
	assert (shown["total"], shown["outstanding"], shown["can_answer"]) == ("4600.00", "0.00", True)
	assert [photo["caption"] for photo in shown["photos"]] == ["Видно"]
	sent = json.dumps(shown, default=str, ensure_ascii=False)
	for secret in ("секрет", "333", "Скрыто", "/private", order.phone):
		assert secret not in sent, secret
	assert client_view.photo(order.name, order.photos[1].name) is None
	assert client_view.photo("WO-999999", order.photos[0].name) is None


def test_a_guests_answer_line_by_line_is_frozen(as_user):
	order = asked_order()
	shown = client_view.view(order.name)
	with as_user("Guest"):
		after = reply(order, True, False)
	assert [line["state"] for line in after["lines"]] == ["Approved", "Declined"]
	assert (after["stage"], after["approved_total"], after["outstanding"]) == ("Agreed", "3000.00", "3000.00")
	approval = frappe.get_doc("Work Order Approval", {"work_order": order.name})
	assert (approval.answered_by, approval.ip, approval.way) == ("Анна", "203.0.113.7", "Link")
	assert (approval.approved_amount, approval.declined_amount) == (3000, 900)
	assert approval.snapshot_hash == shown["snapshot_hash"]
	content, _name = client_view.document(order.name, approval.name)
	assert hashlib.sha256(content).hexdigest() == approval.document_sha256
	assert client_view.document("WO-999999", approval.name) is None
	assert [document["id"] for document in after["documents"]] == [approval.name]


def test_the_answer_tells_the_advisor(as_user):
	advisor = make_staff("told-advisor", "Dealer Service Advisor")
	order = asked_order(service_advisor=advisor)
	with as_user("Guest"):
		reply(order, True, False)
	told = frappe.get_all(
		"Notification Log", {"for_user": advisor, "document_name": order.name}, pluck="subject"
	)
	assert len(told) == 1
	assert "Анна" in told[0]


def test_what_was_approved_is_never_changed(as_user):
	order = make_agreed_order()
	approval = frappe.get_doc("Work Order Approval", {"work_order": order.name})
	approval.answered_by = "Другой"
	with pytest.raises(RecordIsFrozen):
		approval.save()
	advisor = make_staff("frozen-advisor", "Dealer Service Advisor")
	with as_user(advisor), pytest.raises(frappe.PermissionError):
		frappe.get_doc("Work Order Approval", approval.name).delete()


def test_an_answer_to_another_estimate_is_refused():
	order = asked_order()
	shown = client_view.view(order.name)
	order.labour[0].rate = 1501
	order.save()
	with pytest.raises(EstimateChanged):
		reply(order, True, True, shown=shown)
	assert frappe.db.count("Work Order Approval", {"work_order": order.name}) == 0
	reply(order, True, True)
	with pytest.raises(EstimateChanged):
		reply(order, True, True, shown=shown)


def test_every_line_is_answered_and_only_lines_that_are_asked():
	order = asked_order()
	shown = client_view.view(order.name)
	first = shown["lines"][0]["id"]
	for answers in ({first: True}, {first: True, shown["lines"][1]["id"]: True, "other": True}):
		with pytest.raises(AnswerNotTaken):
			client_view.answer(order.name, answers, "Анна", None, shown["snapshot_hash"])
	with pytest.raises(AnswerNotTaken):
		reply(order, True, True, name=" ")


def test_an_approval_is_lost_when_the_line_gets_dearer():
	order = make_agreed_order()
	order.labour[0].rate = 1400
	order.save()
	assert order.labour[0].approval == "Approved"
	order.labour[0].hours = 3
	order.save()
	assert (order.labour[0].approval, order.approved_total) == ("Proposed", 0)
	assert client_view.view(order.name)["can_answer"]


def test_the_browser_approves_nothing():
	order = asked_order()
	for row in order.labour:
		row.approval, row.state, row.actual_minutes = "Approved", "Done", 500
	order.save()
	assert {(row.approval, row.state, row.actual_minutes) for row in order.labour} == {
		("Proposed", "Waiting", 0)
	}
	order.stage = "Agreed"
	with pytest.raises(StageNotReady):
		order.save()


def test_declined_works_wait_by_vin_and_are_counted_when_they_are_won_back():
	car = make_vehicle(vin="XW7BF4FK30S111222").name
	first = asked_order(vehicle=car)
	first.inspection = []
	reply(first, True, False)
	deferred = frappe.get_doc("Deferred Work", {"work_order": first.name})
	assert (deferred.vin, deferred.status, deferred.amount) == ("XW7BF4FK30S111222", "Open", 900)
	assert deferred.come_back_on > frappe.utils.getdate()
	assert [work["name"] for work in api.get_deferred(car)] == [deferred.name]
	second = make_work_order(vehicle=car, mileage=60_000)
	api.take_deferred(second.name, [deferred.name])
	api.take_deferred(second.name, [deferred.name])
	second.reload()
	assert [(row.description, row.deferred_work) for row in second.labour] == [("Чистка", deferred.name)]
	second.labour[0].update({"hours": 1, "rate": 950})
	second.stage = "Estimate"
	second.save()
	reply(second, True)
	deferred.reload()
	assert (deferred.status, deferred.won_back_in, deferred.won_back_amount) == ("Won Back", second.name, 950)
	assert second.reload().won_back_total == 950
	assert api.get_deferred(car) == []
	second.update({"stage": "Cancelled", "cancel_reason": "Передумал"})
	second.save()
	assert deferred.reload().status == "Open"


def test_a_foreign_cars_deferred_work_is_not_taken():
	first = asked_order()
	reply(first, True, False)
	deferred = frappe.get_value("Deferred Work", {"work_order": first.name})
	other = make_work_order()
	api.take_deferred(other.name, [deferred])
	assert other.reload().labour == []


def test_staff_write_down_what_the_client_said(as_user):
	order = asked_order()
	advisor = make_staff("phone-advisor", "Dealer Service Advisor")
	with as_user(advisor):
		asked = api.get_open_lines(order.name)
		answers = {line["id"]: True for line in asked["lines"]}
		api.answer_for_client(order.name, answers, "Анна по телефону", asked["hash"])
	approval = frappe.get_doc("Work Order Approval", {"work_order": order.name})
	assert (approval.way, approval.staff, approval.answered_by) == ("Staff", advisor, "Анна по телефону")


def test_all_declined_stays_an_estimate():
	order = asked_order()
	assert reply(order, False, False)["stage"] == "Estimate"


# -- mileage and stages ----------------------------------------------------------------------------


def test_mileage_goes_into_the_cars_log_and_does_not_fall_without_a_reason():
	car = make_vehicle(vin="XW7BF4FK30S111333", mileage=50_000).name
	with pytest.raises(MileageFell):
		make_work_order(vehicle=car, mileage=49_000)
	assert frappe.response["mileage_before"] == 50_000
	order = make_work_order(vehicle=car, mileage=49_000, mileage_reason="Замена приборной панели")
	order.mileage = 49_500
	order.save()
	log = frappe.get_all("Vehicle Mileage", {"parent": car, "source": order.name}, ["mileage", "reason"])
	assert log == [{"mileage": 49_500, "reason": "Замена приборной панели"}]
	assert frappe.db.get_value("Auto Vehicle", car, "mileage") == 49_500


def test_stages_are_not_skipped_whatever_way_they_are_set(as_user):
	order = make_work_order(labour=[WORK])
	for stage in ("Agreed", "Ready", "Closed"):
		order.reload().stage = stage
		with pytest.raises((NoSuchMove, frappe.ValidationError)):
			order.save()
	with pytest.raises(NoSuchMove):
		frappe.set_value("Service Work Order", order.name, "stage", "In Work")


def test_a_cancelled_order_owes_nothing():
	order = make_agreed_order()
	assert order.outstanding_amount == 3000
	order.update({"stage": "Cancelled", "cancel_reason": "Передумал"})
	order.save()
	assert order.outstanding_amount == 0


def test_the_inspection_takes_its_template(user_with):
	template = frappe.get_doc(
		{
			"doctype": "Inspection Template",
			"template_name": "Тест",
			"is_default": 1,
			"is_active": 1,
			"points": [{"point": "Колодки"}, {"point": "Шины"}],
		}
	).insert()
	order = make_work_order()
	order.stage = "Inspection"
	order.save()
	assert [row.point for row in order.inspection] == ["Колодки", "Шины"]
	assert order.inspection_template == template.name
	order.inspection[0].update({"severity": "Red", "finding": "2 мм"})
	order.save()
	assert (order.inspection[0].checked_by, order.inspection[1].checked_by) == ("Administrator", None)
	order.append("labour", {**WORK, "inspection_row": order.inspection[0].name})
	order.stage = "Estimate"
	order.save()
	line = client_view.view(order.name)["lines"][0]
	assert (line["severity"], line["finding"]) == ("Red", "2 мм")


# -- in parallel -----------------------------------------------------------------------------------


def parallel(*calls) -> list:
	with ThreadPoolExecutor(len(calls)) as pool:
		return [future.result() for future in [pool.submit(call) for call in calls]]


def test_of_two_answers_at_once_one_wins(api):
	order = asked_order()
	asked = api_lines(order)
	sessions = [api(make_staff(f"answer-{number}", "Dealer Service Advisor")) for number in range(4)]
	calls = [
		lambda session=session, number=number: session.call(
			"auto_dealer.orders.api.answer_for_client",
			order=order.name,
			answers=dict.fromkeys(asked["ids"], number % 2 == 0),
			client_name=f"Клиент {number}",
			shown_hash=asked["hash"],
		)
		for number, session in enumerate(sessions)
	]
	codes = sorted(answer.status_code for answer in parallel(*calls))
	assert codes == [200, 417, 417, 417]
	frappe.db.rollback()
	assert frappe.db.count("Work Order Approval", {"work_order": order.name}) == 1


def api_lines(order) -> dict:
	shown = client_view.view(order.name)
	return {"ids": [line["id"] for line in shown["lines"]], "hash": shown["snapshot_hash"]}


@pytest.mark.requirement("R226")
def test_the_last_part_goes_to_one_of_two_orders(api):
	item = make_stock_item("Test Last Part", qty=1)
	orders = [asked_order(labour=[], parts=[{"item": item, "qty": 1, "source": "Stock"}]) for _ in range(2)]
	asked = [api_lines(order) for order in orders]
	sessions = [api(make_staff(f"part-{number}", "Dealer Service Advisor")) for number in range(2)]
	calls = [
		lambda session=session, order=order, lines=lines: session.call(
			"auto_dealer.orders.api.answer_for_client",
			order=order.name,
			answers=dict.fromkeys(lines["ids"], True),
			client_name="Клиент",
			shown_hash=lines["hash"],
		)
		for session, order, lines in zip(sessions, orders, asked, strict=True)
	]
	answers = parallel(*calls)
	assert [answer.status_code for answer in answers] == [200, 200], [a.text[-300:] for a in answers]
	frappe.db.rollback()
	states = sorted(order.reload().parts[0].stock_state for order in orders)
	assert states == ["Missing", "Reserved"]
	assert (stock_of(item), stock_of(item, "Work Order Reserve")) == (0, 1)
	issues = parallel(
		*[
			lambda session=session, order=order: session.call(
				"auto_dealer.orders.api.issue", order=order.name
			)
			for session, order in zip(sessions, orders, strict=True)
		]
	)
	assert sorted(answer.status_code for answer in issues) == [200, 417]
	frappe.db.rollback()
	assert stock_of(item, "Work Order Issue") == 1
