"""The same rules on every way in, over real HTTP: REST, set_value, bulk edit, Kanban, form, our API, a job."""

from __future__ import annotations

import json

import pytest
from factories import make_pipeline, make_pipeline_deal

import frappe

from auto_dealer.pipelines.move_deal import move_deal

KANBAN = "frappe.desk.doctype.kanban_board.kanban_board"
API = "auto_dealer.pipelines.api"
PIPELINE = "HTTP Pipeline"
STAGES = [
	{"stage_name": "New"},
	{"stage_name": "Drive"},
	{"stage_name": "Contract", "required_fields": "amount"},
	{"stage_name": "Calculation", "allowed_roles": "Dealer Appraiser"},
	{"stage_name": "Won", "kind": "Won"},
	{"stage_name": "Lost", "kind": "Lost"},
]


@pytest.fixture
def deal(committed, user_with):
	"""A committed deal of the manager who tries to move it."""
	manager = user_with("Dealer Sales Manager")
	make_pipeline(PIPELINE, [dict(stage) for stage in STAGES])
	make_pipeline("Elsewhere", [dict(stage) for stage in STAGES if stage["stage_name"] != "Contract"])
	deal = make_pipeline_deal(PIPELINE, responsible=manager)
	frappe.db.commit()
	return deal


@pytest.fixture
def manager(api, user_with, deal):
	return api(user_with("Dealer Sales Manager"))


def stage_of(deal) -> str:
	frappe.db.rollback()
	return frappe.db.get_value("Auto Deal", deal.name, "stage")


def url(deal) -> str:
	return f"/api/resource/Auto Deal/{deal.name}"


def assert_refused(answer, *kinds: str) -> dict:
	body = answer.json()
	assert (answer.status_code, body.get("exc_type")) == (417, "StageGateError"), answer.text[:2000]
	gate = body["stage_gate"]
	assert [problem["kind"] for problem in gate["problems"]] == list(kinds)
	assert all(problem["message"] for problem in gate["problems"])
	assert "_server_messages" in body
	return gate


# -- each way: refused with the same body, passed when it is filled --------------------------------


def by_put(session, deal, **values):
	return session.put(url(deal), json=values)


def by_set_value(session, deal, **values):
	return session.call(
		"frappe.client.set_value", doctype="Auto Deal", name=deal.name, fieldname=json.dumps(values)
	)


def by_form(session, deal, **values):
	doc = session.get(
		"/api/method/frappe.client.get", params={"doctype": "Auto Deal", "name": deal.name}
	).json()
	return session.call(
		"frappe.desk.form.save.savedocs", doc=json.dumps({**doc["message"], **values}), action="Save"
	)


def by_client_save(session, deal, **values):
	doc = session.get(
		"/api/method/frappe.client.get", params={"doctype": "Auto Deal", "name": deal.name}
	).json()
	return session.call("frappe.client.save", doc=json.dumps({**doc["message"], **values}))


def by_api(session, deal, stage, **values):
	reason = values.pop("stage_change_reason", None)
	return session.call(f"{API}.move", deal=deal.name, to_stage=stage, values=values, reason=reason)


WAYS = pytest.mark.parametrize("way", [by_put, by_set_value, by_form, by_client_save, by_api])


@pytest.mark.requirement("R21", "R30", "R111")
@WAYS
def test_every_way_in_has_the_same_gates(manager, deal, way):
	gate = assert_refused(way(manager, deal, stage="Contract"), "fields")
	assert gate["deal"] == deal.name
	assert (gate["from_stage"], gate["to_stage"]) == ("New", "Contract")
	assert [field["fieldname"] for field in gate["fields"]] == ["amount"]
	assert_refused(way(manager, deal, stage="Calculation"), "role")
	assert_refused(way(manager, deal, stage="Lost"), "lost_reason")
	assert stage_of(deal) == "New"
	assert way(manager, deal, stage="Contract", amount=7).status_code == 200
	assert stage_of(deal) == "Contract"
	assert_refused(way(manager, deal, stage="New"), "reason")
	assert way(manager, deal, stage="New", stage_change_reason="Wrong car").status_code == 200
	assert stage_of(deal) == "New"
	assert way(manager, deal, stage="Won").status_code == 200
	assert_refused(way(manager, deal, stage="Drive", stage_change_reason="x"), "reopen")
	assert stage_of(deal) == "Won"
	reasons = frappe.get_all(
		"Deal Stage Log", {"deal": deal.name}, pluck="reason", order_by="changed_at, creation"
	)
	assert reasons == [None, None, "Wrong car", None]


@pytest.mark.parametrize("way", [by_put, by_set_value, by_form, by_client_save])
def test_the_pipeline_is_changed_by_no_way_but_its_action(manager, deal, way):
	assert_refused(way(manager, deal, pipeline="Elsewhere"), "pipeline")
	# The hole of Frappe's Workflow: an edge of the old pipeline into a stage that the new one does not have.
	assert_refused(way(manager, deal, pipeline="Elsewhere", stage="Drive"), "pipeline")
	assert stage_of(deal) == "New"
	answer = manager.call(
		f"{API}.change_pipeline", deal=deal.name, pipeline="Elsewhere", stage="Drive", reason="Here"
	)
	assert answer.status_code == 200
	frappe.db.rollback()
	assert frappe.db.get_value("Auto Deal", deal.name, ["pipeline", "stage"]) == ("Elsewhere", "Drive")


@pytest.mark.parametrize("way", [by_put, by_set_value, by_client_save])
def test_flags_and_guarded_fields_cannot_be_sent(manager, deal, way):
	sent = {
		"flags": {"pipeline_change": 1, "initial_stage": "Won"},
		"is_closed": 1,
		"result": "Won",
		"probability": 99,
	}
	way(manager, deal, **sent)
	frappe.db.rollback()
	assert frappe.db.get_value("Auto Deal", deal.name, ["is_closed", "result", "probability", "stage"]) == (
		0,
		"",
		0,
		"New",
	)


@pytest.mark.requirement("R111")
def test_rest_post_starts_where_it_may(manager, deal):
	body = {
		"pipeline": PIPELINE,
		"client_name": "Пётр",
		"phone": "+79165554433",
		"flags": {"initial_stage": "Won"},
	}
	for stage, kinds in (("Won", ["not_open"]), ("Contract", ["fields"]), ("Calculation", ["role"])):
		assert_refused(manager.post("/api/resource/Auto Deal", json={**body, "stage": stage}), *kinds)
	answer = manager.post("/api/resource/Auto Deal", json={**body, "stage": "Contract", "amount": 5})
	assert answer.json()["data"]["stage"] == "Contract"
	answer = manager.post("/api/resource/Auto Deal", json={**body, "phone": "+79165554434"})
	assert answer.json()["data"]["stage"] == "New"


def test_bulk_edit_names_what_failed(manager, deal):
	"""Frappe answers 200 to a bulk edit: what counts is the list of failures and that nothing moved."""
	ready = make_pipeline_deal(PIPELINE, responsible=deal.responsible, amount=9)
	frappe.db.commit()
	answer = manager.call(
		"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
		doctype="Auto Deal",
		docnames=json.dumps([deal.name, ready.name]),
		action="update",
		data=json.dumps({"stage": "Contract"}),
	)
	assert answer.json()["message"] == [deal.name]
	assert (stage_of(deal), stage_of(ready)) == ("New", "Contract")


# -- the standard Kanban ---------------------------------------------------------------------------


def drag(session, deal, source: str, target: str):
	return session.call(
		f"{KANBAN}.update_order_for_single_card",
		board_name=PIPELINE,
		docname=deal.name,
		from_colname=source,
		to_colname=target,
		old_index=0,
		new_index=0,
	)


@pytest.mark.requirement("R33", "R111")
def test_kanban_drag(manager, deal):
	assert drag(manager, deal, "New", "Drive").status_code == 200
	assert stage_of(deal) == "Drive"
	gate = assert_refused(drag(manager, deal, "Drive", "Contract"), "fields")
	assert gate["can_be_asked"] is True
	assert_refused(drag(manager, deal, "Drive", "Calculation"), "role")
	assert drag(manager, deal, "Drive", "Drive").status_code == 200
	# The card was shown where it stands no more.
	answer = drag(manager, deal, "New", "Won")
	assert (answer.status_code, answer.json()["exc_type"]) == (417, "MovedMeanwhile")
	assert stage_of(deal) == "Drive"


@pytest.mark.requirement("R33")
def test_opening_the_kanban_writes_nothing(manager, deal):
	before = frappe.db.get_value("Kanban Board", PIPELINE, "modified")
	order = json.dumps({"New": [], "Contract": [deal.name]})
	answer = manager.call(f"{KANBAN}.update_order", board_name=PIPELINE, order=order)
	assert answer.status_code == 200
	assert answer.json()["message"][1] == []
	assert stage_of(deal) == "New"
	assert frappe.db.get_value("Kanban Board", PIPELINE, "modified") == before


def test_a_column_cannot_be_added_on_the_board(api, deal):
	session = api("Administrator")
	answer = session.call(f"{KANBAN}.add_column", board_name=PIPELINE, column_title="Ghost")
	assert answer.status_code == 417
	assert "Ghost" not in frappe.get_doc("Kanban Board", PIPELINE).as_json()


def test_kanban_of_other_doctypes_is_frappes(api, committed):
	board = frappe.new_doc("Kanban Board")
	board.update({"kanban_board_name": "Tasks", "reference_doctype": "ToDo", "field_name": "status"})
	board.extend("columns", [{"column_name": name} for name in ("Open", "Closed")])
	board.insert()
	todo = frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert()
	session = api("Administrator")
	answer = session.call(
		f"{KANBAN}.update_order_for_single_card",
		board_name="Tasks",
		docname=todo.name,
		from_colname="Open",
		to_colname="Closed",
		old_index=0,
		new_index=0,
	)
	frappe.db.rollback()
	assert answer.status_code == 200
	assert frappe.db.get_value("ToDo", todo.name, "status") == "Closed"


# -- our API ---------------------------------------------------------------------------------------


def test_move_takes_no_other_fields(manager, deal):
	for values in ({"responsible": "Administrator"}, {"amount": 5}, {"stage": "Won"}, {"is_closed": 1}):
		answer = manager.call(f"{API}.move", deal=deal.name, to_stage="Drive", values=values)
		assert (answer.status_code, answer.json()["exc_type"]) == (417, "FieldNotAsked")
	assert stage_of(deal) == "New"


@pytest.mark.parametrize(
	("values", "status"),
	[
		("not json", 417),
		([1, 2], 417),
		({"amount": "<b>7</b>"}, 417),
		({"amount": -1}, 417),
		({"amount": "7.5"}, 200),
	],
)
def test_move_survives_bad_values(manager, deal, values, status):
	answer = manager.call(f"{API}.move", deal=deal.name, to_stage="Contract", values=values)
	assert answer.status_code == status, answer.text[:1500]


def test_writes_are_post_only(manager, deal):
	for method, arguments in (
		(f"{API}.move", {"deal": deal.name, "to_stage": "Drive"}),
		(f"{API}.change_pipeline", {"deal": deal.name, "pipeline": "Elsewhere", "stage": "New"}),
	):
		assert manager.get(f"/api/method/{method}", params=arguments).status_code == 403
	assert stage_of(deal) == "New"


def test_gate_and_bar(manager, deal):
	gate = manager.get(
		f"/api/method/{API}.get_gate", params={"deal": deal.name, "to_stage": "Contract"}
	).json()["message"]
	assert (gate["allowed"], gate["can_be_asked"]) == (False, True)
	assert [field["fieldname"] for field in gate["fields"]] == ["amount"]
	gate = manager.get(f"/api/method/{API}.get_gate", params={"deal": deal.name, "to_stage": "Drive"}).json()[
		"message"
	]
	assert gate["allowed"] is True
	bar = manager.get(f"/api/method/{API}.get_stage_bar", params={"deal": deal.name}).json()["message"]
	assert [stage["name"] for stage in bar["stages"]] == [stage["stage_name"] for stage in STAGES]


@pytest.mark.requirement("R109")
@pytest.mark.parametrize("role", ["Dealer Sales Manager", "Dealer Mechanic"])
def test_strangers_learn_and_move_nothing(api, user_with, deal, role):
	stranger = api(user_with(role, name=f"stranger-{role}"))
	for method in ("get_stage_bar", "get_gate", "move", "change_pipeline"):
		answer = stranger.call(
			f"{API}.{method}", deal=deal.name, to_stage="Drive", pipeline="Elsewhere", stage="New"
		)
		assert answer.status_code == 403, method
		assert "stage_gate" not in answer.json()
	assert stage_of(deal) == "New"


def test_guests_are_refused(http, deal):
	guest = http()
	for method in (
		"get_stage_bar",
		"get_gate",
		"move",
		"change_pipeline",
		"get_stages",
		"get_stage_roles",
		"get_requirable_fields",
	):
		assert (
			guest.call(f"{API}.{method}", deal=deal.name, to_stage="Drive", pipeline=PIPELINE).status_code
			== 403
		)


# -- a job -----------------------------------------------------------------------------------------


@pytest.mark.requirement("R111")
def test_a_background_job_passes_the_same_gates(jobs, deal):
	ready = make_pipeline_deal(PIPELINE, amount=3)
	for name in (deal.name, ready.name):
		frappe.enqueue(move_deal, deal_name=name, to_stage="Contract", enqueue_after_commit=True)
	frappe.db.commit()
	output = jobs.work_off()
	assert (stage_of(deal), stage_of(ready)) == ("New", "Contract")
	assert "StageGateError" in output or frappe.db.exists(
		"Error Log", {"error": ("like", "%StageGateError%")}
	)


# -- the pipeline itself over HTTP -----------------------------------------------------------------


@pytest.mark.requirement("R21")
def test_pipeline_over_rest(api, deal):
	admin = api("Administrator")
	path = f"/api/resource/Deal Pipeline/{PIPELINE}"
	stages = admin.get(path).json()["data"]["stages"]
	answer = admin.put(path, json={"stages": [row for row in stages if row["stage_name"] != "New"]})
	body = answer.json()
	assert (answer.status_code, body["exc_type"]) == (417, "StageHoldsDeals")
	assert body["stage_holds_deals"]["stages"] == {"New": 1}
	stages[0]["stage_name"] = "Fresh"
	assert admin.put(path, json={"stages": stages}).status_code == 200
	assert stage_of(deal) == "Fresh"
	assert by_put(admin, deal, stage="Drive").status_code == 200
	answer = admin.delete(path)
	assert (answer.status_code, answer.json()["exc_type"]) == (417, "PipelineHoldsDeals")
