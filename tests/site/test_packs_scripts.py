"""Server scripts that come with the app: what they may be, and the robot that shows how one is run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from factories import make_pipeline_deal, make_staff

import frappe
from frappe.utils.safe_exec import FrappeTransformer

import auto_dealer
from auto_dealer.robots import api, drain, load_robots
from auto_dealer.robots.effects import run_server_script

SCRIPT = "Auto Dealer: earlier deals of the client"
FIXTURE = Path(auto_dealer.__file__).parent / "fixtures" / "server_script.json"


@pytest.fixture
def robot():
	"""The shipped robot, switched on alone."""
	frappe.db.sql("update `tabStage Robot` set is_enabled = 0")
	load_robots.forget()
	robot = frappe.get_doc("Stage Robot", {"seed_key": "body_repair_earlier_deals"})
	robot.is_enabled = 1
	robot.save()
	return robot


def test_shipped_scripts_are_called_and_never_run_by_themselves():
	"""An enabled script of a document's event would stop every save where server scripts are off."""
	from RestrictedPython import compile_restricted

	for row in json.loads(FIXTURE.read_text()):
		assert (row["script_type"], row["allow_guest"]) == ("API", 0)
		compile_restricted(row["script"], policy=FrappeTransformer)
	events = {"disabled": 0, "script_type": ("!=", "API"), "module": "Auto Dealer"}
	assert not frappe.db.exists("Server Script", events)


def test_the_shipped_robot_is_off_and_names_a_script_that_is_there():
	robot = frappe.get_doc("Stage Robot", {"seed_key": "body_repair_earlier_deals"})
	assert (robot.is_enabled, robot.action, robot.server_script) == (0, "Run Server Script", SCRIPT)
	assert frappe.db.get_value("Server Script", SCRIPT, "disabled") == 0


def test_switched_on_it_writes_down_what_the_client_had(robot, monkeypatch):
	for module in (run_server_script, frappe.utils.safe_exec):
		monkeypatch.setattr(module, "is_safe_exec_enabled", lambda: True)
	manager = make_staff("anna", "Dealer Sales Manager")
	first = make_pipeline_deal("Maintenance", responsible=manager, phone="+79160000077", amount=5000)
	frappe.db.set_value("Auto Deal", first.name, {"result": "Won", "is_closed": 1})
	deal = make_pipeline_deal("Body Repair", contact=first.contact, responsible=manager)
	drain.drain()
	run = frappe.get_last_doc("Robot Run", {"robot": robot.name, "reference_name": deal.name})
	assert run.outcome == "Ran", run.reason
	assert run.made.startswith("Deals: 1, Won: 1, ")
	comments = frappe.get_all(
		"Comment", {"reference_name": deal.name, "comment_type": "Comment"}, pluck="content"
	)
	assert comments == [run.made]


def test_where_scripts_are_off_the_form_and_the_log_say_so(robot, monkeypatch):
	monkeypatch.setattr(run_server_script, "is_safe_exec_enabled", lambda: False)
	monkeypatch.setattr(api, "is_safe_exec_enabled", lambda: False)
	assert api.get_builder("Auto Deal")["scripts_are_on"] is False
	deal = make_pipeline_deal("Body Repair")
	drain.drain()
	run = frappe.get_last_doc("Robot Run", {"robot": robot.name, "reference_name": deal.name})
	assert "switched off on this bench" in run.reason
