"""Robots as an administrator sets them up: what is refused, what each action does, the replay that changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from factories import make_contact, make_pipeline, make_pipeline_deal, make_robot, make_row, make_staff

import frappe

from auto_dealer.robots import api, check_robot, clock, drain, load_robots, tasks
from auto_dealer.robots.check_robot import BadRobot
from auto_dealer.robots.effects import webhook
from auto_dealer.robots.render import BadTemplate, render

ADMIN = "Dealer Administrator"
HEAD = "Dealer Sales Head"


@pytest.fixture(autouse=True)
def pipeline():
	frappe.db.sql("update `tabStage Robot` set is_enabled = 0")
	load_robots.forget()
	return make_pipeline()


@pytest.fixture
def anna() -> str:
	return make_staff("anna", "Dealer Sales Manager")


@pytest.fixture
def deal(pipeline, anna):
	return make_pipeline_deal(responsible=anna, amount=100)


def move(deal, stage: str):
	deal.reload()
	deal.stage = stage
	deal.flags.stage_reason = "test"
	return deal.save()


def run_of(robot):
	return frappe.get_last_doc("Robot Run", {"robot": robot.name})


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("values", "words"),
	[
		({"condition": "amount >"}, "no expression"),
		({"condition": "amuont > 1"}, "has no field amuont"),
		({"condition": "doc.amuont > 1"}, "has no field doc.amuont"),
		({"condition": "().__class__"}, "invalid attribute name"),
		({"condition": "__import__('os')"}, "invalid variable name"),
		({"condition": "frappe.get_all('User')"}, "has no field frappe"),
		({"condition": "(lambda: 1)() or open('x')"}, "has no field open"),
		({"until_condition": "1 +"}, "no expression"),
		({"subject": "{{ doc.title"}, "Subject"),
		({"stage": "Nowhere"}, "has no stage Nowhere"),
		({"event": "Field Changed"}, "has no field"),
		({"event": "Date Field Near", "watched_field": "title"}, "is no date"),
		({"event": "Repeat in Stage", "stage": "New"}, "period"),
		({"event": "Time in Stage", "delay": 1}, "Name the stage"),
		({"action": "Set Field", "target_field": "stage"}, "do not set the field stage"),
		({"action": "Set Field", "target_field": "paid_amount"}, "do not set the field"),
		({"action": "Set Field", "target_field": "nonsense"}, "do not set the field"),
		({"action": "Set Field", "target_field": "amount", "target_value": "=amuont"}, "has no field"),
		({"action": "Create Document", "target_doctype": "User"}, "do not create User"),
		({"action": "Create Document", "target_doctype": "Server Script"}, "do not create"),
		({"action": "Create Document", "target_doctype": "Stage Robot"}, "do not create"),
		({"action": "Create Document", "target_doctype": "Note", "field_values": "[1]"}, "JSON"),
		({"document_type": "User", "pipeline": None}, "do not look at"),
	],
)
def test_robots_that_cannot_be(values, words):
	with pytest.raises(BadRobot) as refused:
		make_robot(**values)
	assert words.lower() in str(refused.value).lower()


def test_an_action_whose_domain_is_gone_is_refused(monkeypatch):
	monkeypatch.setattr(check_robot, "find_path", lambda action: None)
	with pytest.raises(BadRobot, match="not installed"):
		make_robot(action="Create Invoice")


@pytest.mark.requirement("R3")
@pytest.mark.parametrize(
	"values",
	[
		{"action": "Webhook", "webhook_url": "https://example.com"},
		{"action": "Run Server Script", "server_script": None},
		{"run_as": "Administrator"},
		{"action": "Create Document", "target_doctype": "Company"},
	],
)
def test_an_administrator_of_the_dealer_gets_no_further_by_a_robot(values, as_user):
	admin = make_staff("dealer-admin", ADMIN)
	with as_user(admin), pytest.raises(BadRobot):
		make_robot(**values)
	with as_user(admin):
		make_robot(title="an ordinary one")


def test_managers_and_heads_set_up_no_robots(as_user, anna):
	for user in (anna, make_staff("head", HEAD)):
		with as_user(user), pytest.raises(frappe.PermissionError):
			make_robot()


# -- actions ---------------------------------------------------------------------------------------


def test_assign_takes_the_least_busy(deal):
	first, second = (make_staff(name, "Dealer Credit Specialist") for name in ("first", "second"))
	for user in frappe.get_all("Has Role", {"role": "Dealer Credit Specialist"}, pluck="parent"):
		frappe.db.set_value("User", user, "enabled", int(user in (first, second)))
	make_pipeline_deal(responsible=first)
	robot = make_robot(
		stage="Drive", action="Assign", recipient="Role", recipient_role="Dealer Credit Specialist"
	)
	move(deal, "Drive")
	drain.drain()
	assert frappe.db.get_value("Auto Deal", deal.name, "responsible") == second
	assert run_of(robot).made == f"Responsible: {second}"


@pytest.mark.requirement("R60", "R247")
def test_a_task_has_a_moment_and_observers(deal, anna):
	make_robot(
		stage="Drive",
		action="Create Task",
		subject="Hold <b>{{ doc.title }}</b>",
		due_in_hours=5,
		observers="head@test.example",
	)
	deal.title = "<script>x</script>"
	deal.save()
	move(deal, "Drive")
	frappe.flags.dealer_now = clock.now()
	drain.drain()
	todo = frappe.get_last_doc("ToDo", {"reference_name": deal.name})
	assert (todo.allocated_to, todo.status) == (anna, "Open")
	assert todo.dealer_due_at == clock.now() + timedelta(hours=5)
	assert todo.dealer_observers == "head@test.example"
	assert "<script>" not in todo.description


def test_create_document_fills_it_from_the_deal(deal):
	values = {"title": "Note of {{ doc.name }}", "content": "{{ doc.amount | money }}", "public": 1}
	robot = make_robot(
		stage="Drive", action="Create Document", target_doctype="Note", field_values=json.dumps(values)
	)
	move(deal, "Drive")
	drain.drain()
	assert run_of(robot).made.startswith("Note ")
	assert frappe.db.exists("Note", {"title": f"Note of {deal.name}", "public": 1})


def test_set_field_computes(deal):
	make_robot(stage="Drive", action="Set Field", target_field="amount", target_value="= round(amount * 1.1)")
	move(deal, "Drive")
	drain.drain()
	assert frappe.db.get_value("Auto Deal", deal.name, "amount") == 110


def test_a_client_without_an_address_is_kept_for_people(deal):
	contact = make_contact("Без адреса")
	frappe.db.set_value("Auto Deal", deal.name, "contact", contact.name)
	make_robot(stage="Drive", action="Message Client", message="Здравствуйте")
	frappe.db.set_single_value("Dealer Settings", {"quiet_from": None, "quiet_to": None})
	frappe.clear_document_cache("Dealer Settings", "Dealer Settings")
	move(deal, "Drive")
	drain.drain()
	message = frappe.get_last_doc("Client Message", {"contact": contact.name})
	assert (message.status, message.channel) == ("No Address", None)


class Receiver(BaseHTTPRequestHandler):
	got: list = []
	status = 500

	def do_POST(self):
		self.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
		self.send_response(Receiver.status)
		self.end_headers()

	def log_message(self, *args):
		pass


def test_webhooks_are_told_again_until_they_listen(deal, monkeypatch):
	server = HTTPServer(("127.0.0.1", 0), Receiver)
	Thread(target=server.serve_forever, daemon=True).start()
	url = f"http://127.0.0.1:{server.server_port}/hook"
	robot = make_robot(stage="Drive", action="Webhook", webhook_url=url, field_values='{"sum": "=amount"}')
	move(deal, "Drive")
	drain.drain()
	assert "inner network" in run_of(robot).reason
	monkeypatch.setitem(frappe.conf, "dealer_allow_inner_webhooks", 1)
	for status in (500, 200):
		Receiver.status = status
		frappe.flags.dealer_now = frappe.get_last_doc("Robot Task", {"robot": robot.name}).due_at
		drain.drain()
	server.shutdown()
	assert [body["values"] for body in Receiver.got] == [{"sum": 100.0}] * 2
	assert len({body["run"] for body in Receiver.got}) == 1
	assert run_of(robot).outcome == "Ran"


@pytest.mark.parametrize(
	"url", ["file:///etc/passwd", "ftp://example.com", "http://169.254.169.254/x", "http://[::1]/"]
)
def test_webhooks_do_not_reach_into_the_inner_network(url):
	with pytest.raises(webhook.WebhookRefused):
		webhook.check_address(url)


def test_a_server_script_runs_where_scripts_are_on_and_says_so_where_they_are_off(deal, monkeypatch):
	from auto_dealer.robots.effects import run_server_script

	code = "made = 'saw ' + name"
	script = make_row(
		"Server Script", name="Robot script", script_type="API", api_method="robot_script", script=code
	)
	robot = make_robot(stage="Drive", action="Run Server Script", server_script=script.name)
	monkeypatch.setattr(run_server_script, "is_safe_exec_enabled", lambda: False)
	move(deal, "Drive")
	drain.drain()
	assert "switched off on this bench" in run_of(robot).reason
	monkeypatch.setattr(run_server_script, "is_safe_exec_enabled", lambda: True)
	monkeypatch.setattr("frappe.utils.safe_exec.is_safe_exec_enabled", lambda: True)
	frappe.flags.dealer_now = clock.now() + timedelta(minutes=2)
	drain.drain()
	assert run_of(robot).made == f"saw {deal.name}"


# -- preview and replay ----------------------------------------------------------------------------


def state_of_the_database() -> dict:
	"""How many rows every table has, and what the deals hold."""
	tables = [row[0] for row in frappe.db.sql("show tables") if row[0].startswith("tab")]
	counts = {table: frappe.db.sql(f"select count(*) from `{table}`")[0][0] for table in tables}
	return {**counts, "deals": frappe.db.sql("select * from `tabAuto Deal` order by name")}


REPLAYED = [
	{"action": "Notify Staff", "stage": "Drive"},
	{"action": "Message Client", "stage": "Drive", "message": "Здравствуйте, {{ contact.full_name }}"},
	{"action": "Create Task", "stage": "Drive"},
	{"action": "Set Field", "target_field": "amount", "target_value": "=1", "stage": "Drive"},
	{"action": "Move Stage", "target_stage": "Contract", "stage": "Drive"},
	{"action": "Assign", "stage": "Drive"},
	{
		"action": "Create Document",
		"target_doctype": "Note",
		"stage": "Drive",
		"field_values": '{"title": "x"}',
	},
	{"action": "Webhook", "webhook_url": "https://example.com", "stage": "Drive"},
	{"event": "Repeat in Stage", "repeat_every": 1, "repeat_unit": "Days", "stage": "Drive"},
	{"event": "Stage Left", "stage": "New"},
	{"event": "Date Field Near", "watched_field": "expected_close", "delay": 1, "delay_unit": "Hours"},
	{"event": "File Attached"},
	{"event": "Field Changed", "watched_field": "amount"},
]


@pytest.mark.parametrize(
	"values", REPLAYED, ids=lambda values: f"{values.get('event', '')} {values.get('action', '')}"
)
def test_a_replay_changes_nothing(deal, values, queue, monkeypatch):
	move(deal, "Drive")
	frappe.db.after_commit.reset()
	monkeypatch.setattr("requests.post", lambda *args, **kwargs: pytest.fail("the network was used"))
	robot = {
		"doctype": "Stage Robot",
		"title": "draft",
		"document_type": "Auto Deal",
		"pipeline": "Test Pipeline",
	}
	robot |= {
		"event": "Stage Entered",
		"action": "Notify Staff",
		"is_enabled": 1,
		"subject": "{{ doc.title }}",
		**values,
	}
	before = state_of_the_database()
	answer = api.replay_robot(json.dumps(robot), 30)
	api.preview(json.dumps(robot), deal.name)
	assert state_of_the_database() == before
	assert not frappe.db.after_commit._functions
	assert queue.queued() == []
	if values.get("stage") == "Drive" and "event" not in values:
		assert (answer["fired"], answer["documents"]) == (1, 1)
		assert answer["examples"][0]["subject"] == deal.title


def test_a_replay_counts_repetitions_and_names_reasons(deal, anna):
	for days in (10, 3):
		other = make_pipeline_deal(responsible=anna)
		move(other, "Drive")
		frappe.db.sql(
			"update `tabDeal Stage Log` set changed_at = now() - interval %s day where deal = %s and to_stage = 'Drive'",
			(days, other.name),
		)
	robot = {
		"title": "t",
		"document_type": "Auto Deal",
		"pipeline": "Test Pipeline",
		"stage": "Drive",
		"action": "Notify Staff",
	}
	robot |= {"event": "Repeat in Stage", "repeat_every": 1, "repeat_unit": "Days"}
	answer = api.replay_robot(json.dumps(robot), 30)
	assert (answer["fired"], answer["documents"]) == (13, 2)
	assert api.replay_robot(json.dumps(robot), 5)["fired"] == 8
	refused = api.replay_robot(json.dumps({**robot, "condition": "amount > 1000"}), 30)
	assert refused["fired"] == 0
	assert refused["refused"] == [{"reason": "amount = 0, so “amount > 1000” was false", "count": 2}]


def test_a_preview_shows_the_text_and_the_verdict(deal):
	robot = {"title": "t", "document_type": "Auto Deal", "event": "Saved", "action": "Notify Staff"}
	robot |= {"condition": "amount > 1000", "subject": "{{ doc.title }}: {{ stage }}"}
	shown = api.preview(json.dumps(robot), deal.name)
	assert (shown["is_met"], shown["reason"]) == (False, "amount = 100, so “amount > 1000” was false")
	assert shown["subject"] == f"{deal.title}: New"


def test_who_may_not_read_a_deal_gets_no_explanation(deal, as_user):
	with as_user(make_staff("stranger", "Dealer Sales Manager")), pytest.raises(frappe.PermissionError):
		api.get_explanations("Auto Deal", deal.name)


def test_old_runs_are_trimmed_and_waiting_ones_stay(deal):
	robot = make_robot(stage="Drive")
	waiting = make_robot(stage="Drive", delay=900, delay_unit="Days", title="waits")
	move(deal, "Drive")
	drain.drain()
	frappe.db.set_single_value("Dealer Settings", "robot_run_retention_days", 30)
	frappe.clear_document_cache("Dealer Settings", "Dealer Settings")
	tasks.delete_old_runs()
	assert frappe.db.count("Robot Run", {"robot": robot.name}) == 1
	frappe.db.sql(
		"update `tabRobot Run` set at = now() - interval 31 day where reference_name = %s", deal.name
	)
	frappe.db.sql("update `tabRobot Task` set due_at = now() - interval 31 day where robot = %s", robot.name)
	tasks.delete_old_runs()
	assert frappe.db.count("Robot Run", {"robot": robot.name}) == 0
	assert frappe.db.count("Robot Task", {"robot": robot.name}) == 0
	assert frappe.db.count("Robot Run", {"robot": waiting.name}) == 1
	assert frappe.db.count("Robot Task", {"robot": waiting.name}) == 1


@pytest.mark.parametrize(
	"template",
	[
		"{{ frappe.db.sql('select 1') }}|",
		"{{ doc.__class__.__mro__ }}|",
		"{{ doc._doc.as_dict() }}|",
		"{{ doc.delete() }}|",
		"{{ contact._maker.__globals__ }}|",
		"{{ doc.title.__class__.__base__.__subclasses__() }}|",
		"{{ frappe }}{{ cycler.__init__.__globals__.os }}|",
	],
)
def test_templates_have_no_way_out(deal, template):
	try:
		assert render(template, deal) == "|"
	except BadTemplate:
		pass
	assert frappe.db.exists("Auto Deal", deal.name)
