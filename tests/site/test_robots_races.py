"""Robots with real parallel connections: two workers, and a worker beside a user who saves."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter

import pytest
from factories import make_pipeline, make_pipeline_deal, make_robot, make_staff
from site_fixtures import BENCH, SITE

import frappe

from auto_dealer.robots import drain, load_robots

OPEN = """
import sys, time
import frappe
frappe.init(site={site!r}, sites_path={sites!r})
frappe.connect()
frappe.flags.mute_emails = True
"""
DRAIN = OPEN + "\nfrom auto_dealer.robots.drain import drain\nprint(drain())\n"
HOLD = (
	OPEN
	+ "\nfrappe.db.sql({query!r}, {values!r})\nprint('held', flush=True)\ntime.sleep({seconds})\nfrappe.db.rollback()\n"
)


def start(code: str, **values) -> subprocess.Popen:
	"""Another process with a connection of its own."""
	code = code.format(site=SITE, sites=f"{BENCH}/sites", **values)
	return subprocess.Popen(
		[sys.executable, "-c", code],
		cwd=f"{BENCH}/sites",
		env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
		stdout=subprocess.PIPE,
		text=True,
	)


@pytest.fixture
def shop(committed) -> str:
	"""A pipeline without the shipped robots; gives the manager."""
	frappe.db.sql("update `tabStage Robot` set is_enabled = 0")
	make_pipeline()
	return make_staff("anna", "Dealer Sales Manager")


def go() -> None:
	frappe.db.commit()
	load_robots.forget()


def test_two_workers_run_each_task_once(shop):
	make_robot(stage="New", subject="once {{ doc.name }}")
	deals = [make_pipeline_deal(responsible=shop).name for _ in range(40)]
	go()
	workers = [start(DRAIN) for _ in range(2)]
	done = [int(worker.communicate(timeout=120)[0]) for worker in workers]
	frappe.db.rollback()
	told = Counter(
		frappe.get_all("Notification Log", {"for_user": shop, "subject": ("like", "once %")}, pluck="subject")
	)
	assert told == Counter(f"once {name}" for name in deals)
	assert sum(done) == 40
	assert frappe.db.count("Robot Task", {"status": "Done", "reference_name": ("in", deals)}) == 40


def test_a_robot_waits_for_the_user_who_saves(shop):
	robot = make_robot(stage="New", action="Set Field", target_field="client_kind", target_value="Fleet")
	deal = make_pipeline_deal(responsible=shop)
	go()
	deal = frappe.get_doc("Auto Deal", deal.name, for_update=True)
	worker = start(DRAIN)
	time.sleep(4)
	assert worker.poll() is None, "the robot waits for the deal"
	deal.amount = 777
	deal.save()
	frappe.db.commit()
	worker.communicate(timeout=60)
	frappe.db.rollback()
	assert frappe.db.get_value("Auto Deal", deal.name, ["amount", "client_kind"]) == (777, "Fleet")
	assert frappe.db.get_value("Robot Run", {"robot": robot.name}, "outcome") == "Ran"


def test_a_user_who_moves_the_deal_away_wins(shop):
	robot = make_robot(
		stage="New",
		event="Time in Stage",
		delay=1,
		delay_unit="Minutes",
		action="Set Field",
		target_field="client_kind",
		target_value="Fleet",
	)
	deal = make_pipeline_deal(responsible=shop)
	frappe.db.set_value("Robot Task", {"robot": robot.name}, "due_at", frappe.utils.add_days(None, -1))
	go()
	deal = frappe.get_doc("Auto Deal", deal.name, for_update=True)
	worker = start(DRAIN)
	time.sleep(4)
	deal.stage = "Drive"
	started = time.monotonic()
	deal.save()
	frappe.db.commit()
	assert time.monotonic() - started < 3, "the save does not wait for the task that the worker holds"
	worker.communicate(timeout=60)
	frappe.db.rollback()
	assert frappe.db.get_value("Auto Deal", deal.name, "client_kind") != "Fleet"
	assert frappe.db.get_value("Robot Run", {"robot": robot.name}, ["outcome", "reason"]) == (
		"Cancelled",
		"The stage New was left for Drive.",
	)


def test_a_save_does_not_wait_for_a_worker(shop):
	"""A slow robot holds its task; users make deals and move them, which writes and cancels tasks beside it."""
	robot = make_robot(stage="New", event="Time in Stage", delay=1, delay_unit="Hours")
	make_robot(stage="New", subject="at once")
	deal = make_pipeline_deal(responsible=shop)
	other = make_pipeline_deal(responsible=shop)
	task = frappe.db.get_value("Robot Task", {"reference_name": deal.name, "robot": robot.name})
	frappe.db.set_value("Robot Task", task, "due_at", frappe.utils.add_days(None, -1))
	go()
	holder = start(HOLD, query=drain.LOCK, values=(task, "2100-01-01"), seconds=8)
	assert holder.stdout.readline().strip() == "held"
	started = time.monotonic()
	make_pipeline_deal(responsible=shop)
	for name in (deal.name, other.name):
		moved = frappe.get_doc("Auto Deal", name)
		moved.stage = "Drive"
		moved.save()
	frappe.db.commit()
	assert time.monotonic() - started < 5
	assert holder.poll() is None, "the worker still held its task"
	assert drain.drain() >= 3
	holder.communicate(timeout=30)


def test_a_killed_worker_leaves_its_task_waiting(shop):
	make_robot(stage="New", subject="survives")
	deal = make_pipeline_deal(responsible=shop)
	go()
	task = frappe.db.get_value("Robot Task", {"reference_name": deal.name})
	holder = start(HOLD, query=drain.LOCK, values=(task, "2100-01-01"), seconds=60)
	assert holder.stdout.readline().strip() == "held"
	assert drain.drain() == 0
	holder.kill()
	holder.wait()
	time.sleep(1)
	assert drain.drain() == 1
	assert frappe.db.count("Notification Log", {"for_user": shop, "subject": "survives"}) == 1


@pytest.mark.requirement("R247")
def test_over_http_a_real_worker_runs_what_a_save_has_started(shop, api, jobs):
	"""The whole way: a PUT from outside, the commit, the queue, a worker, the manager's bell."""
	make_robot(stage="Drive", subject="by a worker {{ doc.name }}")
	deal = make_pipeline_deal(responsible=shop)
	session = api(shop)
	load_robots.forget()
	answer = session.put(f"/api/resource/Auto Deal/{deal.name}", json={"stage": "Drive"})
	assert answer.status_code == 200, answer.text
	frappe.db.rollback()
	assert frappe.db.get_value("Robot Run", {"reference_name": deal.name}, ["outcome", "caused_by"]) == (
		"Waiting",
		shop,
	)
	assert "auto_dealer.robots.drain.drain" in jobs.queued()
	jobs.work_off()
	assert frappe.db.exists("Notification Log", {"for_user": shop, "subject": f"by a worker {deal.name}"})
	assert frappe.db.get_value("Robot Run", {"reference_name": deal.name}, "outcome") == "Ran"
	told = session.get(
		"/api/method/auto_dealer.robots.api.get_explanations",
		params={"doctype": "Auto Deal", "name": deal.name},
	)
	assert told.json()["message"]["runs"][0]["sentence"] == f"Notice to {shop}"
