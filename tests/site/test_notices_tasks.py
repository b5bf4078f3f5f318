"""Tasks with a moment and observers, reminders that move, notices that repeat, and who sees what."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from factories import make_pipeline_deal, make_preparation_staff, make_staff

import frappe

from auto_dealer.notices import notice_view
from auto_dealer.notices.react import open_notice, react
from auto_dealer.notices.send import NobodyToTell, cancel_of, send
from auto_dealer.notices.tasks import create_task, end_task, move_task
from auto_dealer.robots import drain

NOON = datetime(2026, 12, 1, 12, 0)


@pytest.fixture
def people() -> tuple[str, str, str]:
	frappe.flags.dealer_now = NOON
	make_preparation_staff()
	return tuple(make_staff(f"task-{name}", "Dealer Sales Manager") for name in ("anna", "boris", "clara"))


def told(user: str, subject: str) -> int:
	return frappe.db.count("Notification Log", {"for_user": user, "subject": ("like", f"%{subject}%")})


def at(moment: datetime) -> None:
	frappe.flags.dealer_now = moment
	drain.drain()


@pytest.mark.requirement("R247", "R252")
def test_a_task_has_a_responsible_and_a_deadline(people, as_user):
	anna, boris, clara = people
	deal = make_pipeline_deal("Buyout").name
	with as_user(anna):
		task = create_task(boris, "Позвонить", NOON + timedelta(hours=10), ("Auto Deal", deal), [clara])
	assert told(boris, "Task: Позвонить") == 1
	at(NOON + timedelta(hours=8))
	assert (told(boris, "Deadline soon"), told(clara, "Deadline soon")) == (1, 1)
	at(NOON + timedelta(hours=10))
	assert (told(boris, "Deadline over"), told(clara, "Deadline over")) == (1, 1)
	with as_user(boris):
		end_task(task)
	assert (told(anna, "Task done"), told(clara, "Task done"), told(boris, "Task done")) == (1, 1, 0)


@pytest.mark.requirement("R248")
def test_the_reminder_moves_with_the_date_and_goes_with_the_task(people):
	_anna, boris, clara = people
	deal = make_pipeline_deal("Buyout").name
	task = create_task(boris, "Позвонить", NOON + timedelta(hours=10), ("Auto Deal", deal), [clara])
	move_task(task, NOON + timedelta(hours=20))
	at(NOON + timedelta(hours=17))
	assert told(boris, "Deadline soon") == 0
	document = frappe.get_doc("ToDo", task)
	document.dealer_due_at = NOON + timedelta(hours=40)
	document.save()
	at(NOON + timedelta(hours=25))
	assert told(boris, "Deadline soon") == 0
	end_task(task, "Cancelled")
	at(NOON + timedelta(hours=50))
	assert (told(boris, "Deadline soon"), told(clara, "Task done")) == (0, 0)


def test_a_plain_to_do_of_frappe_is_left_alone(people, as_user):
	_anna, boris, _clara = people
	todo = frappe.get_doc({"doctype": "ToDo", "allocated_to": boris, "description": "x"}).insert()
	before = frappe.db.count("Staff Notice"), frappe.db.count("Robot Task")
	todo.status = "Closed"
	todo.save()
	assert (frappe.db.count("Staff Notice"), frappe.db.count("Robot Task")) == before


@pytest.mark.requirement("R249")
def test_unanswered_notices_come_again_at_the_interval_of_the_settings(people):
	anna, boris, _clara = people
	make_preparation_staff(unanswered_hours=3)
	notice = send([anna, boris], "Прочтите", kind="Confirm Reading")
	at(NOON + timedelta(hours=3))
	assert (told(anna, "Not answered yet"), told(boris, "Not answered yet")) == (1, 1)
	react(notice, anna, "confirm")
	at(NOON + timedelta(hours=6))
	assert (told(anna, "Not answered yet"), told(boris, "Not answered yet")) == (1, 2)
	react(notice, boris, "confirm")
	at(NOON + timedelta(hours=12))
	assert told(boris, "Not answered yet") == 2


@pytest.mark.requirement("R250")
def test_reading_is_confirmed_by_each(people):
	anna, boris, _clara = people
	notice = send([anna, boris, anna, "Guest"], "Прочтите", kind="Confirm Reading")
	assert notice_view.waiting_for(anna) == [notice]
	open_notice(notice, anna)
	document = frappe.get_doc("Staff Notice", notice)
	assert document.recipients[0].read_at == NOON
	assert not document.recipients[0].answer, "opening is no confirmation"
	react(notice, anna, "confirm")
	assert notice_view.waiting_for(anna) == []
	assert notice_view.waiting_for(boris) == [notice]
	assert react(notice, boris, "confirm").status == "Done"


def test_nobody_to_ask_is_said_and_nobody_to_tell_is_not(people):
	assert send(["gone@test.example", None], "x") == ""
	with pytest.raises(NobodyToTell):
		send(["gone@test.example"], "x", kind="First Wins")


def test_what_is_taken_back_waits_for_nobody(people):
	anna, *_others = people
	deal = make_pipeline_deal("Buyout").name
	notice = send([anna], "x", reference=("Auto Deal", deal), kind="Confirm Reading")
	cancel_of(("Auto Deal", deal))
	assert notice_view.waiting_for(anna) == []
	assert notice_view.view(frappe.get_doc("Staff Notice", notice), anna)["buttons"] == []


def test_what_is_over_goes_after_a_time_and_what_waits_stays(people):
	from auto_dealer.notices.delete_old import delete_old

	anna, *_others = people
	kinds = {kind: send([anna], kind, kind=kind) for kind in ("Info", "Confirm Reading", "Approval")}
	react(kinds["Approval"], anna, "approve")
	fresh = send([anna], "x")
	frappe.db.sql(
		"update `tabStaff Notice` set modified = '2020-01-01' where name in %s", [list(kinds.values())]
	)
	delete_old()
	left = [name for name in (*kinds.values(), fresh) if frappe.db.exists("Staff Notice", name)]
	assert left == [kinds["Confirm Reading"], fresh]


# -- who sees what ---------------------------------------------------------------------------------


def test_notices_are_seen_by_their_people_only(api, people):
	anna, boris, clara = people
	frappe.set_user(anna)
	notice = send([boris], "Тайна", "Личное", kind="Confirm Reading")
	frappe.set_user("Administrator")
	listed = {}
	for user in (anna, boris, clara):
		session = api(user)
		listed[user] = [row["name"] for row in session.get("/api/resource/Staff Notice").json()["data"]]
		status = session.get(f"/api/resource/Staff Notice/{notice}").status_code
		assert status == (403 if user == clara else 200)
		rows = session.get(
			"/api/method/frappe.client.get_list",
			params={"doctype": "Staff Notice Recipient", "parent": "Staff Notice"},
		)
		if user == clara:
			assert notice not in rows.text
	assert [notice in listed[user] for user in (anna, boris, clara)] == [True, True, False]
	refused = api(clara)
	assert refused.call("auto_dealer.notices.api.react", notice=notice, answer="confirm").status_code == 403
	assert refused.call("auto_dealer.notices.api.open_notice", notice=notice).status_code == 403
	assert refused.put(f"/api/resource/Staff Notice/{notice}", json={"status": "Done"}).status_code == 403
	author = api(anna)
	assert author.call("auto_dealer.notices.api.react", notice=notice, answer="confirm").status_code == 403
	assert author.put(f"/api/resource/Staff Notice/{notice}", json={"status": "Done"}).status_code == 403
	mine = api(boris)
	assert [
		row["name"] for row in mine.get("/api/method/auto_dealer.notices.api.get_waiting").json()["message"]
	] == [notice]
	assert mine.call("auto_dealer.notices.api.react", notice=notice, answer="confirm").json()["message"][
		"status"
	] == ("Done")
	assert api(clara).get("/api/resource/Action Link").status_code == 403
