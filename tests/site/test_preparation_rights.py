"""Diagnostics, detailing and the preparation board: each role, and what is refused to it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from factories import (
	make_department,
	make_pipeline_deal,
	make_preparation_staff,
	make_staff,
	make_vehicle,
)

import frappe

from auto_dealer.notices.react import react
from auto_dealer.pipelines.move_deal import move_deal
from auto_dealer.processes import board
from auto_dealer.processes.start import start

WORKS = [{"work": "Полировка", "cost": 12_000}, {"work": "Химчистка", "cost": 8_000}]


def make_car_deal(author: str, number: int, **values):
	vehicle = make_vehicle(frame_number=f"BOARD{number:05d}").name
	deal = make_pipeline_deal("Buyout", responsible=author, vehicle=vehicle, amount=900_000, **values)
	return move_deal(deal.name, "Deal Done").name


def begin_both(staff) -> tuple:
	number = frappe.db.get_next_sequence_val("Auto Deal") % 99999
	deal = make_car_deal(staff["author"], number, department=make_department("Выкуп"))
	frappe.set_user(staff["author"])
	detailing = frappe.get_doc(
		"Detailing Request", start("Detailing", deal, {"works": WORKS, "reply": "Тайная цена"})
	)
	values = {"address": "Москва", "vehicle_title": "Camry"}
	diagnostics = frappe.get_doc("Diagnostics Request", start("Diagnostics", deal, values))
	frappe.set_user("Administrator")
	return deal, diagnostics, detailing


def can(doc, user: str) -> str:
	return "".join(
		letter
		for letter, ptype in (("r", "read"), ("w", "write"), ("d", "delete"))
		if frappe.has_permission(doc.doctype, ptype, doc=doc.name, user=user)
	)


def listed(doctype: str, user: str, as_user) -> list[str]:
	with as_user(user):
		return frappe.get_list(doctype, pluck="name", limit=0)


@pytest.mark.requirement("R150", "R159")
def test_who_sees_and_changes_the_requests(as_user):
	staff = make_preparation_staff()
	deal, diagnostics, detailing = begin_both(staff)
	stranger = make_staff("prep-stranger", "Dealer Sales Manager", department=make_department("Другой отдел"))
	other_photographer = make_staff("prep-photographer-2", "Dealer Photographer")
	rights = {
		staff["author"]: ("rw", "rw"),
		staff["leaders"][0]: ("r", "r"),
		stranger: ("", ""),
		staff["visitor"]: ("", ""),
		staff["administrator"]: ("", ""),
		staff["photographer"]: ("", ""),
		other_photographer: ("", ""),
	}
	for user, (of_diagnostics, of_detailing) in rights.items():
		assert (can(diagnostics, user), can(detailing, user)) == (of_diagnostics, of_detailing), user
		names = [
			listed(doctype, user, as_user) if frappe.has_permission(doctype, "read", user=user) else []
			for doctype in ("Diagnostics Request", "Detailing Request")
		]
		assert (diagnostics.name in names[0], detailing.name in names[1]) == (
			bool(of_diagnostics),
			bool(of_detailing),
		)
	take = frappe.db.get_value(
		"Staff Notice", {"reference_name": diagnostics.name, "action": "diagnostics.take"}
	)
	react(take, staff["leaders"][0], "take")
	assert can(diagnostics, staff["leaders"][0]) == "rw", "the responsible leader"
	assert can(diagnostics, staff["leaders"][1]) == "r"
	price = frappe.db.get_value("Staff Notice", {"reference_name": detailing.name, "kind": "Approval"})
	react(price, staff["leaders"][1], "approve")
	accept = frappe.db.get_value(
		"Staff Notice", {"reference_name": detailing.name, "action": "detailing.accept"}
	)
	react(accept, staff["administrator"], "confirm", date=frappe.utils.add_days(None, 3))
	assert can(detailing, staff["administrator"]) == "rw"
	assert can(detailing, other_photographer) == ""
	assert not frappe.has_permission("Auto Deal", "read", doc=deal, user=staff["administrator"])
	turns = {"doctype": "Detailing Message", "parent_doctype": "Detailing Request", "fields": ["*"]}
	with as_user(staff["author"]):
		assert "Тайная цена" in str(frappe.get_list(**turns))
	with as_user(staff["administrator"]):
		assert "Тайная цена" not in str(frappe.get_list(**turns)), (
			"the conversation is not for those who work"
		)


@pytest.mark.requirement("R173")
def test_prices_and_the_conversation_are_not_for_those_who_do_the_work(api):
	staff = make_preparation_staff()
	_deal, _diagnostics, detailing = begin_both(staff)
	price = frappe.db.get_value("Staff Notice", {"reference_name": detailing.name, "kind": "Approval"})
	leader = api(staff["leaders"][1])
	answer = {"notice": price, "answer": "approve", "comment": "Тайный ответ"}
	assert leader.call("auto_dealer.notices.api.react", **answer).status_code == 200
	frappe.db.rollback()
	accept = frappe.db.get_value(
		"Staff Notice", {"reference_name": detailing.name, "action": "detailing.accept"}
	)
	react(accept, staff["administrator"], "confirm", date=frappe.utils.add_days(None, 3))
	session = api(staff["administrator"])
	found = session.get(f"/api/resource/Detailing Request/{detailing.name}")
	assert found.status_code == 200
	assert "Тайная цена" not in found.text
	data = found.json()["data"]
	assert not any(data.get(field) for field in ("price", "agreed_price", "conversation", "round"))
	assert [row["work"] for row in data["works"]] == ["Полировка", "Химчистка"]
	form = {"doctype": "Detailing Request", "name": detailing.name}
	shown = session.get("/api/method/frappe.desk.form.load.getdoc", params=form)
	assert shown.json()["docinfo"]["versions"], "that something changed is seen"
	assert not [secret for secret in ("Тайная цена", "Тайный ответ", "900000") if secret in shown.text]
	changed = session.put(
		f"/api/resource/Detailing Request/{detailing.name}", json={"price": 1, "notes": "ок"}
	)
	assert changed.status_code == 200
	frappe.db.rollback()
	assert detailing.reload().price == 900_000
	mine = api(staff["author"]).get(f"/api/resource/Detailing Request/{detailing.name}").json()["data"]
	assert mine["conversation"][0]["text"] == "Тайная цена"


def test_over_http_strangers_are_refused(api):
	staff = make_preparation_staff()
	deal, diagnostics, detailing = begin_both(staff)
	stranger = api(
		make_staff("prep-stranger-2", "Dealer Sales Manager", department=make_department("Другой отдел"))
	)
	for doctype, name in (("Diagnostics Request", diagnostics.name), ("Detailing Request", detailing.name)):
		assert stranger.get(f"/api/resource/{doctype}/{name}").status_code == 403
		assert stranger.put(f"/api/resource/{doctype}/{name}", json={"state": "Cancelled"}).status_code == 403
		assert stranger.delete(f"/api/resource/{doctype}/{name}").status_code == 403
		assert name not in stranger.get(f"/api/resource/{doctype}").text
		assert stranger.post(f"/api/resource/{doctype}", json={"deal": deal}).status_code in (403, 417)
	assert stranger.call("auto_dealer.processes.api.start", kind="Detailing", deal=deal).status_code == 403
	status = stranger.get("/api/method/auto_dealer.processes.api.get_deal_processes", params={"deal": deal})
	assert status.status_code == 403
	mechanic = api(make_staff("prep-mechanic", "Dealer Mechanic"))
	assert mechanic.get("/api/resource/Detailing Request").status_code == 403
	assert mechanic.get("/api/method/auto_dealer.processes.api.get_board").status_code == 403
	author = api(staff["author"])
	assert author.delete(f"/api/resource/Detailing Request/{detailing.name}").status_code == 403
	assert (
		author.put(
			f"/api/resource/Detailing Request/{detailing.name}", json={"price_leader": staff["author"]}
		).status_code
		== 200
	)
	frappe.db.rollback()
	assert detailing.reload().price_leader is None, "written by use cases only"


# -- the board -------------------------------------------------------------------------------------


@pytest.mark.requirement("R53")
def test_the_board_names_days_money_and_the_late_step(as_user):
	staff = make_preparation_staff()
	start_at = datetime(2026, 11, 1, 10, 0)
	deal = make_car_deal(staff["author"], 1)
	begin = frappe.get_doc("Detailing Request", start("Detailing", deal, {"works": WORKS}))
	frappe.db.sql("delete from `tabDeal Stage Log` where deal = %s", deal)
	for stage, since, seconds in (("Deal Done", 0, 3 * 86400), ("Detailing", 3, 2 * 86400)):
		log = frappe.new_doc("Deal Stage Log")
		log.update(
			{
				"deal": deal,
				"pipeline": "Buyout",
				"from_pipeline": "Buyout",
				"from_stage": stage,
				"to_stage": "Photo Shoot",
				"changed_at": start_at + timedelta(days=since),
				"seconds_in_stage": seconds,
			}
		)
		log.insert(ignore_permissions=True)
	moved = {"stage": "Photo Shoot", "stage_changed_at": start_at + timedelta(days=5), "stage_deadline": None}
	frappe.db.set_value("Auto Deal", deal, moved)
	frappe.flags.dealer_now = start_at + timedelta(days=6)
	car = next(car for car in board.get_cars() if car["deal"] == deal)
	assert car["days"] == {"Buyout|Deal Done": 3.0, "Buyout|Detailing": 2.0, "Buyout|Photo Shoot": 1.0}
	assert (car["total_days"], car["days_in_step"]) == (6.0, 1.0)
	assert (car["late_step"], car["late_days"], car["is_late_now"]) == ("Deal Done", 2.0, False)
	assert (car["purchase_cost"], car["works_cost"], car["total_cost"]) == (900_000, 20_000, 920_000)
	assert begin.works_cost == 20_000
	frappe.db.set_value("Auto Deal", deal, "stage_deadline", start_at + timedelta(days=5, hours=12))
	car = next(car for car in board.get_cars() if car["deal"] == deal)
	assert (car["late_step"], car["late_days"], car["is_late_now"]) == ("Photo Shoot", 0.5, True)
	found = board.get_board("Buyout")
	step = next(step for step in found["steps"] if step["stage"] == "Photo Shoot")
	assert step["cars"] >= 1
	vehicle = frappe.db.get_value("Auto Deal", deal, "vehicle")
	frappe.db.set_value("Auto Vehicle", vehicle, "sold_in", deal)
	assert deal not in [car["deal"] for car in board.get_cars()], "a sold car leaves the board"


def test_the_board_and_the_report_show_what_the_user_sees(as_user):
	staff = make_preparation_staff()
	mine, foreign = make_car_deal(staff["author"], 2), make_car_deal(staff["seller"], 3)
	with as_user(staff["author"]):
		cars = {car["deal"]: car for car in board.get_cars()}
		assert mine in cars
		assert foreign not in cars
		assert cars[mine]["purchase_cost"] is None, "what a car has cost is for the heads"
		assert not board.get_board()["shows_money"]
		from frappe.desk.query_report import run

		report = run("Preparation Board", filters={})
		deals = [row["deal"] for row in report["result"] if isinstance(row, dict)]
		assert mine in deals
		assert foreign not in deals
		assert "purchase_cost" not in [column["fieldname"] for column in report["columns"]]
	report = run("Preparation Board", filters={"pipeline": "Buyout"})
	row = next(row for row in report["result"] if isinstance(row, dict) and row["deal"] == mine)
	assert row["purchase_cost"] == 900_000


def test_the_board_asks_few_questions_however_many_cars():
	from sql_counter import count_sql

	staff = make_preparation_staff()
	for number in range(4, 8):
		make_car_deal(staff["author"], number)
	board.get_board()
	with count_sql() as few:
		board.get_board()
	for number in range(8, 14):
		make_car_deal(staff["author"], number)
	with count_sql() as many:
		board.get_board()
	assert len(many.all) <= len(few.all) <= 14, many
