"""Robots: who fires on what, when it runs, why it did not; played on a clock that the test holds."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest
from factories import make_contact, make_pipeline, make_pipeline_deal, make_robot, make_row, make_staff
from sql_counter import count_sql

import frappe

from auto_dealer.robots import clock, drain, load_robots, schedule, tasks
from auto_dealer.robots.explanations import explain_document
from auto_dealer.robots.fire import fire_event

MANAGER = "Dealer Sales Manager"


@pytest.fixture(autouse=True)
def without_shipped_robots():
	frappe.db.sql("update `tabStage Robot` set is_enabled = 0")
	load_robots.forget()


@pytest.fixture
def anna() -> str:
	return make_staff("anna", MANAGER)


@pytest.fixture
def pipeline():
	frappe.flags.dealer_now = datetime(2031, 3, 3, 12, 0)
	return make_pipeline()


@pytest.fixture
def deal(pipeline, anna):
	return make_pipeline_deal(responsible=anna, amount=100)


def wait(**delta) -> None:
	frappe.flags.dealer_now = clock.now() + timedelta(**delta)


def move(deal, stage: str, **values):
	deal.reload()
	deal.update({"stage": stage, **values})
	deal.flags.stage_reason = "test"
	deal.save()
	return deal


def runs(robot, **filters) -> list:
	return frappe.get_all("Robot Run", {"robot": robot.name, **filters}, ["*"], order_by="at, creation")


def notices(user: str, subject: str | None = None) -> list[str]:
	filters = {"for_user": user, "type": "Alert"}
	return [
		s for s in frappe.get_all("Notification Log", filters, pluck="subject") if not subject or subject in s
	]


# -- events ----------------------------------------------------------------------------------------


@pytest.mark.requirement("R60", "R247")
def test_a_robot_tells_the_responsible_and_the_log_says_so(deal, anna):
	robot = make_robot(stage="Drive", subject="Drive: {{ doc.title }} {{ doc.amount | money }}")
	move(deal, "Drive")
	(run,) = runs(robot)
	assert (run.outcome, run.caused_by) == ("Waiting", "Administrator")
	assert notices(anna, "Drive:") == []
	assert drain.drain() == 1
	(run,) = runs(robot)
	assert run.outcome == "Ran"
	assert run.made == f"Notice to {anna}"
	assert len(notices(anna, "Drive: ")) == 1
	assert drain.drain() == 0


def test_a_condition_that_is_not_met_is_explained_with_the_values_it_saw(deal):
	robot = make_robot(stage="Drive", condition="responsible and paid_amount > 0 and doc.amount > 5")
	move(deal, "Drive")
	(run,) = runs(robot)
	assert run.outcome == "Did Not Run"
	assert run.reason == "paid_amount = 0, so “paid_amount > 0” was false"
	assert "doc.amount = 100.0" in run.values_seen
	assert frappe.db.count("Robot Task", {"robot": robot.name}) == 0
	told = explain_document(deal)
	assert told["runs"][0].sentence == run.reason


def test_robots_of_the_stage_that_were_not_asked_are_named_too(deal):
	robot = make_robot(event="File Attached", stage="New", title="Waits for a file")
	told = explain_document(deal)
	assert [(row["robot"], row["title"]) for row in told["idle"]] == [(robot.name, "Waits for a file")]


@pytest.mark.parametrize(
	("values", "act", "fires"),
	[
		({"event": "Stage Left", "stage": "New"}, lambda deal: move(deal, "Drive"), True),
		({"event": "Stage Left", "stage": "Drive"}, lambda deal: move(deal, "Drive"), False),
		({"event": "Saved", "condition": "amount == 7"}, lambda deal: move(deal, "New", amount=7), True),
		(
			{"event": "Field Changed", "watched_field": "amount"},
			lambda deal: move(deal, "New", amount=7),
			True,
		),
		({"event": "Field Changed", "watched_field": "amount"}, lambda deal: move(deal, "Drive"), False),
		(
			{"event": "Field Changed", "watched_field": "amount", "condition": "before.amount == 100"},
			lambda deal: move(deal, "New", amount=7),
			True,
		),
		({"event": "File Attached"}, lambda deal: attach(deal), True),
		(
			{"event": "Payment Received"},
			lambda deal: fire_event("Auto Deal", deal.name, "Payment Received"),
			True,
		),
		(
			{"event": "Message Received"},
			lambda deal: fire_event("Auto Deal", deal.name, "Payment Received"),
			False,
		),
	],
)
def test_events(deal, anna, values, act, fires):
	robot = make_robot(**values)
	act(deal)
	drain.drain()
	assert [run.outcome for run in runs(robot)].count("Ran") == int(fires)
	assert len(notices(anna, deal.title)) == int(fires)


def attach(deal, name: str = "photo.txt"):
	return frappe.get_doc(
		{
			"doctype": "File",
			"file_name": name,
			"content": f"a file {frappe.generate_hash()}",
			"attached_to_doctype": "Auto Deal",
			"attached_to_name": deal.name,
			"is_private": 1,
		}
	).insert()


def test_robots_of_leads_go_by_the_status():
	from factories import make_lead

	robot = make_robot(
		document_type="Auto Lead",
		pipeline=None,
		stage="In Progress",
		recipient="User",
		recipient_user="Administrator",
	)
	lead = make_lead()
	assert runs(robot) == []
	lead.status = "In Progress"
	lead.save()
	assert len(runs(robot)) == 1


# -- timers follow the data ------------------------------------------------------------------------


@pytest.mark.requirement("R247")
def test_a_delay_passes_and_is_cancelled_when_the_stage_is_left(deal, anna):
	robot = make_robot(stage="Drive", delay=2, delay_unit="Hours")
	move(deal, "Drive")
	assert drain.drain() == 0
	wait(hours=1, minutes=59)
	assert drain.drain() == 0
	wait(minutes=2)
	assert drain.drain() == 1
	assert [run.outcome for run in runs(robot)] == ["Ran"]
	move(deal, "New")
	move(deal, "Drive")
	move(deal, "Contract")
	last = runs(robot)[-1]
	assert (last.outcome, last.next_try) == ("Cancelled", None)
	assert last.reason == "The stage Drive was left for Contract."
	wait(days=3)
	assert drain.drain() == 0
	assert len(notices(anna)) == 1


def test_a_stage_left_and_entered_again_begins_anew(deal, anna):
	make_robot(stage="Drive", event="Time in Stage", delay=1, delay_unit="Days")
	move(deal, "Drive")
	wait(hours=23)
	move(deal, "New")
	move(deal, "Drive")
	wait(hours=2)
	assert drain.drain() == 0
	wait(hours=22)
	assert drain.drain() == 1


@pytest.mark.requirement("R249")
def test_a_repetition_goes_on_until_its_condition_holds(deal, anna):
	robot = make_robot(
		stage="Drive",
		event="Repeat in Stage",
		repeat_every=1,
		repeat_unit="Days",
		until_condition="amount > 500",
	)
	move(deal, "Drive")
	for day in range(1, 4):
		wait(days=1, seconds=1)
		assert drain.drain() == 1
		assert len(notices(anna)) == day
	move(deal, "Drive", amount=501)
	wait(days=1, seconds=1)
	drain.drain()
	assert len(notices(anna)) == 3
	last = runs(robot)[-1]
	assert (last.outcome, last.reason) == ("Cancelled", "“amount > 500” holds now")
	wait(days=9)
	assert drain.drain() == 0


def test_after_a_stop_of_a_week_one_reminder_comes(deal, anna):
	make_robot(stage="Drive", event="Repeat in Stage", repeat_every=1, repeat_unit="Days")
	move(deal, "Drive")
	wait(days=7, hours=1)
	drain.drain()
	assert len(notices(anna)) == 1
	wait(hours=22)
	assert drain.drain() == 0
	wait(hours=1)
	assert drain.drain() == 1


def test_a_condition_that_is_gone_cancels_what_waits(deal):
	robot = make_robot(stage="Drive", delay=1, delay_unit="Hours", condition="amount < 500")
	move(deal, "Drive")
	move(deal, "Drive", amount=501)
	wait(hours=2)
	drain.drain()
	(run,) = runs(robot)
	assert (run.outcome, run.reason) == ("Cancelled", "amount = 501, so “amount < 500” was false")


@pytest.mark.requirement("R248")
def test_a_reminder_before_a_date_follows_the_date(deal, anna):
	make_robot(
		event="Date Field Near",
		watched_field="expected_close",
		delay=2,
		delay_unit="Hours",
		active_since="2031-03-01",
	)
	frappe.db.set_value("Stage Robot", {"title": "Test robot"}, "active_since", "2031-03-01")
	move(deal, "New", expected_close="2031-03-05")
	wait(days=1, hours=9, minutes=59)
	tasks.every_minute()
	assert notices(anna) == []
	move(deal, "New", expected_close="2031-03-06")
	wait(hours=1)
	tasks.every_minute()
	assert notices(anna) == []
	wait(days=1)
	tasks.every_minute()
	tasks.every_minute()
	assert len(notices(anna)) == 1


@pytest.mark.requirement("R57", "R252")
def test_deadlines_near_and_past_are_told_once_and_move_with_the_stage(anna):
	make_pipeline(
		"Timed",
		stages=[
			{"stage_name": "A", "deadline_hours": 10},
			{"stage_name": "B", "deadline_hours": 100},
			{"stage_name": "Won", "kind": "Won"},
			{"stage_name": "Lost", "kind": "Lost"},
		],
	)
	make_robot(pipeline="Timed", event="Deadline Near", delay=1, delay_unit="Hours", subject="near")
	make_robot(pipeline="Timed", event="Deadline Past", subject="past")
	left, stayed = (make_pipeline_deal("Timed", responsible=anna) for _ in range(2))
	frappe.db.set_value("Stage Robot", {"pipeline": "Timed"}, "active_since", stayed.stage_changed_at)
	frappe.flags.dealer_now = stayed.stage_deadline - timedelta(hours=2)
	tasks.every_minute()
	assert notices(anna) == []
	move(left, "B")
	frappe.flags.dealer_now = stayed.stage_deadline - timedelta(minutes=30)
	for _ in range(3):
		tasks.every_minute()
	assert notices(anna) == ["near"]
	frappe.flags.dealer_now = stayed.stage_deadline + timedelta(minutes=1)
	for _ in range(3):
		tasks.every_minute()
	assert sorted(notices(anna)) == ["near", "past"]


def test_a_date_that_moves_while_the_run_waits_cancels_it(deal, monkeypatch):
	robot = make_robot(event="Date Field Past", watched_field="expected_close")
	frappe.db.set_value("Stage Robot", robot.name, "active_since", "2031-03-01")
	move(deal, "New", expected_close="2031-03-03")
	tasks.sweep()
	move(deal, "New", expected_close="2031-04-03")
	drain.drain()
	(run,) = runs(robot)
	assert run.outcome == "Cancelled"
	assert "no longer" in run.reason


def test_switching_a_robot_off_cancels_what_it_planned(deal):
	robot = make_robot(stage="Drive", delay=1)
	move(deal, "Drive")
	robot.is_enabled = 0
	robot.save()
	assert [(run.outcome, run.reason) for run in runs(robot)] == [
		("Cancelled", "The robot was switched off.")
	]
	robot.delete()


def test_a_changed_period_goes_on_for_those_who_stand_there(deal, anna, queue):
	robot = make_robot(stage="Drive", event="Repeat in Stage", repeat_every=1, repeat_unit="Days")
	frappe.flags.dealer_now = None
	move(deal, "Drive")
	frappe.flags.dealer_now = clock.now()
	wait(hours=3)
	robot.update({"repeat_every": 2, "repeat_unit": "Hours"})
	robot.save()
	frappe.db.commit()
	queue.run_here()
	load_robots.forget()
	drain.drain()
	assert notices(anna) == []
	for count in (1, 2):
		wait(hours=2)
		drain.drain()
		assert len(notices(anna)) == count
	assert runs(robot)[0].reason == "The robot was changed."


def test_a_robot_that_is_new_plans_what_lies_ahead_only(pipeline, anna, queue):
	frappe.flags.dealer_now = None
	old, young = (make_pipeline_deal(responsible=anna) for _ in range(2))
	frappe.db.set_value("Auto Deal", old.name, "stage_changed_at", frappe.utils.add_days(None, -9))
	robot = make_robot(stage="New", event="Time in Stage", delay=3, delay_unit="Days")
	frappe.db.commit()
	queue.run_here()
	assert frappe.get_all("Robot Task", {"robot": robot.name}, pluck="reference_name") == [young.name]


def test_robots_follow_a_renamed_stage(deal, pipeline, anna):
	here = make_robot(stage="Drive", delay=1, delay_unit="Hours", subject="here")
	there = make_robot(stage="New", event="File Attached", action="Move Stage", target_stage="Drive")
	move(deal, "Drive")
	pipeline.reload()
	next(row for row in pipeline.stages if row.stage_name == "Drive").stage_name = "Trial"
	pipeline.save()
	assert frappe.db.get_value("Stage Robot", here.name, "stage") == "Trial"
	assert frappe.db.get_value("Stage Robot", there.name, "target_stage") == "Trial"
	wait(hours=2)
	drain.drain()
	assert notices(anna) == ["here"]
	move(deal, "New")
	move(deal, "Trial")
	wait(hours=2)
	drain.drain()
	assert notices(anna) == ["here", "here"]


def test_quiet_hours_are_the_clients(deal, anna):
	frappe.db.set_single_value("Dealer Settings", {"quiet_from": "21:00:00", "quiet_to": "09:00:00"})
	frappe.db.set_single_value("System Settings", "time_zone", "Europe/Moscow")
	frappe.clear_document_cache("Dealer Settings", "Dealer Settings")
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
	contact = make_contact("Сергей", emails=["sergey@client.example"], dealer_time_zone="Asia/Vladivostok")
	frappe.db.set_value("Auto Deal", deal.name, "contact", contact.name)
	robot = make_robot(
		stage="Drive",
		action="Message Client",
		message="Здравствуйте, {{ contact.full_name }}",
		send_by="Email",
	)
	frappe.flags.dealer_now = datetime(2031, 3, 3, 15, 0)  # 22:00 in Vladivostok
	move(deal, "Drive")
	drain.drain()
	(run,) = runs(robot)
	assert run.outcome == "Waiting"
	assert run.next_try == datetime(2031, 3, 4, 2, 0, 1)  # 09:00 there
	assert frappe.get_all("Client Message", {"contact": contact.name}) == []
	frappe.flags.dealer_now = run.next_try
	tasks.every_minute()
	(message,) = frappe.get_all("Client Message", {"contact": contact.name}, ["*"])
	assert (message.status, message.channel, message.text) == ("Sent", "email", "Здравствуйте, Сергей")
	assert frappe.db.exists("Email Queue Recipient", {"recipient": "sergey@client.example"})


# -- failures --------------------------------------------------------------------------------------


def test_a_failing_robot_is_retried_with_growing_pauses_and_then_shown(deal):
	admin = make_staff("portal-admin", "Dealer Portal Administrator")
	robot = make_robot(stage="Drive", recipient="User", recipient_user=make_staff("gone", MANAGER))
	frappe.db.set_value("User", robot.recipient_user, "enabled", 0)
	move(deal, "Drive")
	tries = []
	for _ in range(12):
		if not drain.drain():
			break
		task = frappe.get_last_doc("Robot Task", {"robot": robot.name})
		tries.append((task.status, task.attempts))
		if task.status == "Pending":
			frappe.flags.dealer_now = task.due_at
	assert tries == [("Pending", n) for n in range(1, 6)] + [("Failed", 6)]
	(run,) = runs(robot)
	assert run.outcome == "Failed"
	assert "nobody to tell" in run.reason
	assert "NobodyToTell" in run.error
	assert len(notices(admin, "failed on")) == 1


def test_a_broken_robot_never_blocks_the_save(deal, monkeypatch):
	from auto_dealer.robots import fire

	robot = make_robot(stage="Drive", condition="amount / (amount - 100) > 0")
	move(deal, "Drive")
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "Drive"
	(run,) = runs(robot)
	assert run.outcome == "Failed"
	assert "ZeroDivisionError" in run.reason
	monkeypatch.setattr(fire, "write_runs", lambda rows: 1 / 0)
	move(deal, "Contract")
	move(deal, "Drive")
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "Drive"
	assert frappe.db.exists("Error Log", {"method": ("like", "Robots of Auto Deal%")})


def test_robots_that_cannot_be_read_do_not_block_the_save(deal, monkeypatch):
	from auto_dealer.robots import fire

	monkeypatch.setattr(fire, "load", lambda doctype: 1 / 0)
	move(deal, "Drive")
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "Drive"


def test_what_a_failed_run_began_is_undone(deal, anna):
	robot = make_robot(stage="Drive", action="Set Field", target_field="title", target_value="= 'x' * 300")
	before = deal.title
	move(deal, "Drive")
	drain.drain()
	assert frappe.db.get_value("Auto Deal", deal.name, "title") == before
	assert runs(robot)[0].outcome == "Waiting"
	assert runs(robot)[0].error


def test_loops_are_cut(deal):
	robot = make_robot(event="Saved", action="Set Field", target_field="amount", target_value="=amount + 1")
	move(deal, "Drive")
	drain.drain()
	assert frappe.db.get_value("Auto Deal", deal.name, "amount") == 101
	assert [(run.outcome, run.reason) for run in runs(robot)][1:] == [
		("Did Not Run", "Its own change does not start it again.")
	]


def test_a_robot_does_not_take_a_deal_back_that_has_gone_on(deal):
	robot = make_robot(stage="New", event="File Attached", action="Move Stage", target_stage="Drive")
	attach(deal)
	move(deal, "Contract")
	drain.drain()
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "Contract"
	(run,) = runs(robot)
	assert (run.outcome, run.reason) == ("Cancelled", "The stage New was left for Contract.")


def test_two_robots_that_undo_each_other_end(deal):
	there = make_robot(stage="Drive", action="Move Stage", target_stage="Contract", title="There")
	back = make_robot(stage="Contract", action="Move Stage", target_stage="Drive", title="Back")
	move(deal, "Drive")
	assert drain.drain() == 2
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "Drive"
	assert [run.outcome for run in runs(there)] == ["Ran", "Did Not Run"]
	assert [run.outcome for run in runs(back)] == ["Ran"]


def test_a_long_chain_is_cut_with_a_message(deal):
	stages = [f"S{number}" for number in range(8)]
	make_pipeline(
		"Long",
		stages=[{"stage_name": s} for s in stages]
		+ [{"stage_name": "Won", "kind": "Won"}, {"stage_name": "Lost", "kind": "Lost"}],
	)
	robots = [
		make_robot(pipeline="Long", stage=here, action="Move Stage", target_stage=there, title=here)
		for here, there in itertools.pairwise(stages)
	]
	deal = make_pipeline_deal("Long")
	drain.drain()
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "S5"
	(cut,) = runs(robots[5])
	assert cut.outcome == "Failed"
	assert "5 times in a row" in cut.reason


def test_a_gate_that_refuses_a_robot_ends_the_run_with_its_words(anna):
	make_pipeline(
		"Gated",
		stages=[
			{"stage_name": "A"},
			{"stage_name": "B", "required_fields": "expected_close"},
			{"stage_name": "Won", "kind": "Won"},
			{"stage_name": "Lost", "kind": "Lost"},
		],
	)
	robot = make_robot(
		pipeline="Gated",
		stage="A",
		event="Field Changed",
		watched_field="amount",
		action="Move Stage",
		target_stage="B",
	)
	deal = make_pipeline_deal("Gated", responsible=anna)
	move(deal, "A", amount=5)
	drain.drain()
	(run,) = runs(robot)
	assert run.outcome == "Failed"
	assert "Expected" in run.reason
	assert frappe.db.get_value("Auto Deal", deal.name, "stage") == "A"


def test_a_robot_works_with_the_rights_of_run_as(deal):
	stranger = make_staff("stranger", MANAGER)
	robot = make_robot(
		stage="Drive", action="Set Field", target_field="amount", target_value="=1", run_as=stranger
	)
	move(deal, "Drive")
	drain.drain()
	(run,) = runs(robot)
	assert run.outcome == "Waiting"
	assert "PermissionError" in run.error
	assert frappe.session.user == "Administrator"
	frappe.db.set_value("Auto Deal", deal.name, {"responsible": stranger, "queue": stranger})
	wait(minutes=2)
	drain.drain()
	assert runs(robot)[0].outcome == "Ran"
	assert frappe.db.get_value("Auto Deal", deal.name, "modified_by") == stranger


# -- timers of other domains -----------------------------------------------------------------------


TOLD: list[tuple] = []


def remind(doctype: str, name: str, text: str = "") -> str:
	TOLD.append((name, text))
	return "told"


def test_timers_of_other_domains(monkeypatch, pipeline):
	TOLD.clear()
	path = "auto_dealer.robots.tasks.remind"
	monkeypatch.setattr(tasks, "remind", remind, raising=False)
	with pytest.raises(schedule.UnknownTimedAction):
		schedule.plan("visit:1", clock.now(), path, ("User", "Administrator"))
	get_hooks = frappe.get_hooks
	monkeypatch.setattr(
		frappe,
		"get_hooks",
		lambda hook=None, *a, **k: [path] if hook == "dealer_timed_actions" else get_hooks(hook, *a, **k),
	)
	schedule.plan("visit:1", clock.now() + timedelta(hours=1), path, ("User", "Administrator"), {"text": "a"})
	schedule.plan("visit:1", clock.now() + timedelta(hours=2), path, ("User", "Administrator"), {"text": "b"})
	wait(hours=1, minutes=1)
	assert drain.drain() == 0
	schedule.move("visit:1", clock.now() + timedelta(hours=3))
	wait(hours=2)
	assert drain.drain() == 0
	wait(hours=2)
	assert drain.drain() == 1
	assert TOLD == [("Administrator", "b")]
	schedule.move("visit:1", clock.now() + timedelta(hours=1))
	schedule.cancel("visit:1", "visit called off")
	wait(hours=2)
	assert drain.drain() == 0
	assert frappe.db.get_value("Robot Task", {"task_key": "visit:1"}, ["status", "reason"]) == (
		"Cancelled",
		"visit called off",
	)


# -- cost ------------------------------------------------------------------------------------------


def test_robots_that_do_not_fire_cost_nothing(deal):
	move(deal, "Drive")
	with count_sql() as without:
		move(deal, "New", amount=1)
	for number in range(20):
		make_robot(stage="Payment", title=f"robot {number}")
	make_robot(event="Deadline Near", delay=1)
	load_robots.forget()
	move(deal, "Drive")
	with count_sql() as counter:
		move(deal, "New", amount=2)
	assert len(counter.all) <= len(without.all), counter


def test_twenty_robots_that_fire_cost_a_handful_of_statements(deal):
	for number in range(20):
		make_robot(stage="Drive", title=f"robot {number}", condition=f"amount > {number}")
	load_robots.forget()
	move(deal, "Contract")
	with count_sql() as without:
		move(deal, "New")
	with count_sql() as counter:
		move(deal, "Drive")
	assert frappe.db.count("Robot Task", {"reference_name": deal.name}) == 20
	assert len(counter.all) <= len(without.all) + 3, counter
