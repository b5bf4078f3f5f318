"""The guard of a deal's stage, through the document."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from factories import make_pipeline, make_pipeline_deal

import frappe
from frappe.utils import add_to_date, get_datetime, now_datetime

from auto_dealer.pipelines.gate_error import StageGateError
from auto_dealer.pipelines.move_deal import FieldNotAsked, MovedMeanwhile, change_pipeline, move_deal
from auto_dealer.pipelines.stage_bar import make_stage_bar

STAGES = [
	{"stage_name": "New", "probability": 10, "deadline_hours": 2, "next_step": "Call the client"},
	{"stage_name": "Drive", "probability": 30},
	{"stage_name": "Off", "is_enabled": 0},
	{"stage_name": "Contract", "required_fields": "amount\nexpected_close", "probability": 70},
	{"stage_name": "Calculation", "allowed_roles": "Dealer Appraiser"},
	{"stage_name": "Photo", "asks_for_attachment": 1},
	{
		"stage_name": "Payment",
		"entry_condition": "doc.amount > 100 and doc.currency == 'RUB'",
		"condition_message": "The sum must be over 100",
	},
	{"stage_name": "Won", "kind": "Won", "probability": 100},
	{"stage_name": "Lost", "kind": "Lost"},
]


@pytest.fixture
def pipeline():
	return make_pipeline(stages=[dict(stage) for stage in STAGES])


@pytest.fixture
def deal(pipeline):
	return make_pipeline_deal()


def problems(deal) -> list[str]:
	"""The kinds of problems of the refusal of a save."""
	with pytest.raises(StageGateError):
		deal.save()
	return [problem["kind"] for problem in frappe.response["stage_gate"]["problems"]]


def logs(deal) -> list[tuple]:
	rows = frappe.get_all(
		"Deal Stage Log",
		{"deal": deal.name},
		["from_stage", "to_stage", "reason"],
		order_by="changed_at, creation",
	)
	return [(row.from_stage, row.to_stage, row.reason) for row in rows]


@contextmanager
def counted_sql():
	"""The statements that run in the block."""
	statements = []
	database = frappe.local.db
	original = database.sql

	def sql(query, *args, **kwargs):
		statements.append(" ".join(str(query).split()))
		return original(query, *args, **kwargs)

	database.sql = sql
	try:
		yield statements
	finally:
		del database.sql


@pytest.mark.requirement("R31", "R57")
def test_new_deal_stands_in_the_entry_stage(deal):
	assert deal.stage == "New"
	assert deal.probability == 10
	assert deal.stage_deadline == deal.stage_changed_at + timedelta(hours=2)
	assert not deal.is_closed
	assert not deal.result
	assert logs(deal) == [(None, "New", None)]


@pytest.mark.requirement("R57")
def test_move_sets_what_follows_and_is_logged(deal):
	since = add_to_date(now_datetime(), hours=-3)
	frappe.db.set_value("Auto Deal", deal.name, "stage_changed_at", since, update_modified=False)
	deal.reload()
	deal.stage = "Drive"
	deal.save()
	deal.reload()
	assert (deal.stage, deal.probability, deal.stage_deadline, deal.is_closed) == ("Drive", 30, None, 0)
	log = frappe.get_last_doc("Deal Stage Log", {"deal": deal.name, "to_stage": "Drive"})
	assert (log.from_stage, log.from_pipeline, log.pipeline) == ("New", "Test Pipeline", "Test Pipeline")
	assert 3 * 3600 <= log.seconds_in_stage < 3 * 3600 + 60
	assert log.changed_by == "Administrator"


def test_won_and_lost_close_and_reopening_opens(deal):
	deal.stage = "Won"
	deal.save()
	assert (deal.is_closed, deal.result, deal.probability) == (1, "Won", 100)
	assert deal.closed_at == deal.stage_changed_at
	deal.stage = "Drive"
	deal.stage_change_reason = "The client came back"
	deal.save()
	deal.reload()
	assert (deal.is_closed, deal.result, deal.closed_at, deal.stage_change_reason) == (0, "", None, None)
	assert logs(deal)[-1] == ("Won", "Drive", "The client came back")


def test_backwards_needs_a_reason(deal):
	deal.stage = "Contract"
	deal.amount, deal.expected_close = 100, "2026-12-01"
	deal.save()
	deal.stage = "New"
	assert problems(deal) == ["reason"]
	assert frappe.response["stage_gate"]["needs_reason"] is True


def test_required_fields_are_named_in_the_users_language(deal):
	frappe.local.lang = "ru"
	deal.stage = "Contract"
	with pytest.raises(StageGateError) as refused:
		deal.save()
	gate = frappe.response["stage_gate"]
	assert [field["fieldname"] for field in gate["fields"]] == ["amount", "expected_close"]
	assert gate["fields"][0]["fieldtype"] == "Currency"
	assert gate["can_be_asked"] is True
	for field in gate["fields"]:
		assert field["label"] in str(refused.value)


def test_filling_in_the_same_save_is_enough(deal):
	deal.update({"stage": "Contract", "amount": 1000, "expected_close": "2026-12-01"})
	deal.save()
	assert deal.stage == "Contract"


def test_zero_is_not_filled(deal):
	deal.update({"stage": "Contract", "amount": 0, "expected_close": "2026-12-01"})
	assert problems(deal) == ["fields"]


@pytest.mark.requirement("R70")
@pytest.mark.parametrize(
	("file_name", "moves"),
	[("front.JPG", True), ("IMG_1.heic", True), ("act.pdf", False), ("front.jpg.exe", False)],
)
def test_photo_gate_wants_an_image_of_this_deal(deal, file_name, moves):
	other = make_pipeline_deal()
	for name, owner in (("other.jpg", other.name), (file_name, deal.name)):
		row = {
			"doctype": "File",
			"file_name": name,
			"file_url": f"/files/{name}",
			"attached_to_doctype": "Auto Deal",
		}
		file = frappe.get_doc({**row, "attached_to_name": owner, "name": frappe.generate_hash(length=10)})
		file.db_insert()
	deal.stage = "Photo"
	if moves:
		deal.save()
		assert deal.stage == "Photo"
	else:
		assert problems(deal) == ["photo"]
		assert frappe.response["stage_gate"]["needs_photo"] is True


@pytest.mark.requirement("R111", "R73")
def test_role_of_a_stage(deal, as_user, user_with):
	deal.stage = "Calculation"
	deal.flags.ignore_permissions = True
	with as_user(user_with("Dealer Sales Manager")):
		assert problems(deal) == ["role"]
	fresh = frappe.get_doc("Auto Deal", deal.name)
	fresh.stage = "Calculation"
	fresh.flags.ignore_permissions = True
	with as_user(user_with("Dealer Appraiser")):
		fresh.save()
	assert fresh.stage == "Calculation"


@pytest.mark.parametrize(("amount", "moves"), [(None, False), (100, False), (101, True)])
def test_condition(deal, amount, moves):
	deal.update({"stage": "Payment", "amount": amount})
	if moves:
		deal.save()
		return
	assert problems(deal) == ["condition"]
	assert frappe.response["stage_gate"]["problems"][0]["message"] == "The sum must be over 100"


def test_lost_needs_a_reason_and_keeps_it(deal):
	reason = frappe.get_all("Lost Reason", pluck="name", limit=1)[0]
	deal.stage = "Lost"
	assert problems(deal) == ["lost_reason"]
	deal = frappe.get_doc("Auto Deal", deal.name)
	deal.update({"stage": "Lost", "lost_reason": reason, "competitor": "Другой салон"})
	deal.save()
	assert (deal.is_closed, deal.result) == (1, "Lost")
	deal.lost_reason = None
	assert problems(deal) == ["lost_reason"]
	deal = frappe.get_doc("Auto Deal", deal.name)
	deal.update({"stage": "New", "stage_change_reason": "Called again"})
	deal.save()
	assert (deal.lost_reason, deal.competitor) == (None, None)


@pytest.mark.parametrize(
	("stage", "kind"), [("Off", "disabled"), ("Nowhere", "unknown_stage"), ("Detailing", "unknown_stage")]
)
def test_stages_that_cannot_be_entered(deal, stage, kind):
	deal.stage = stage
	assert problems(deal) == [kind]
	assert "New" in frappe.response["stage_gate"]["problems"][0]["stages"]


@pytest.mark.parametrize(
	"roles", [("Dealer Sales Manager",), ("Dealer Sales Head",), ("Dealer Buyout Head",)]
)
def test_only_heads_reopen(deal, as_user, user_with, roles):
	deal.stage = "Won"
	deal.save()
	deal.update({"stage": "Drive", "stage_change_reason": "Came back"})
	deal.flags.ignore_permissions = True
	with as_user(user_with(*roles)):
		if roles == ("Dealer Sales Manager",):
			assert problems(deal) == ["reopen"]
		else:
			deal.save()
			assert deal.stage == "Drive"


def test_guarded_fields_cannot_be_written(deal):
	before = deal.as_dict()
	deal.update(
		{
			"is_closed": 1,
			"result": "Won",
			"probability": 99,
			"closed_at": now_datetime(),
			"stage_changed_at": add_to_date(now_datetime(), days=-9),
			"stage_deadline": None,
			"stage_change_reason": "no move at all",
		}
	)
	deal.save()
	deal.reload()
	for field in ("is_closed", "result", "probability", "closed_at", "stage_changed_at", "stage_deadline"):
		assert (deal.get(field) or None) == (before[field] or None), field
	assert deal.stage_change_reason is None
	assert len(logs(deal)) == 1


# -- the way into a pipeline -----------------------------------------------------------------------


def test_insert_in_another_open_stage_needs_its_gate(pipeline):
	assert make_pipeline_deal(stage="Drive").stage == "Drive"
	for stage, kind in (("Contract", "fields"), ("Photo", "photo"), ("Off", "disabled"), ("Won", "not_open")):
		with pytest.raises(StageGateError):
			make_pipeline_deal(stage=stage)
		assert frappe.response["stage_gate"]["problems"][0]["kind"] == kind
	assert make_pipeline_deal(stage="Contract", amount=5, expected_close="2026-12-01").stage == "Contract"


@pytest.mark.requirement("R43", "R68")
def test_trusted_code_names_the_first_stage(pipeline):
	deal = frappe.get_doc(
		{"doctype": "Auto Deal", "pipeline": pipeline.name, "client_name": "A", "phone": "+79161112233"}
	)
	deal.flags.initial_stage = "Photo"
	deal.flags.stage_at = "2026-01-02 03:04:05"
	deal.insert()
	assert deal.stage == "Photo"
	assert deal.stage_changed_at == get_datetime("2026-01-02 03:04:05")
	assert frappe.get_last_doc("Deal Stage Log", {"deal": deal.name}).changed_at == deal.stage_changed_at


def test_trusted_code_cannot_name_a_stage_that_is_not_there(pipeline):
	for stage in ("Off", "Nowhere"):
		deal = frappe.get_doc({"doctype": "Auto Deal", "pipeline": pipeline.name, "client_name": "A"})
		deal.flags.initial_stage = stage
		with pytest.raises(StageGateError):
			deal.insert()


def test_the_desks_default_stage_is_no_mistake_of_the_user(pipeline):
	first_state = frappe.get_doc("Workflow", "Auto Deal").states[0].state
	assert first_state == "Unsorted"
	assert make_pipeline_deal(stage=first_state).stage == "New"


def test_switched_off_pipeline_takes_no_new_deals_and_lets_the_others_end(deal, pipeline):
	pipeline.reload()
	pipeline.is_enabled = 0
	pipeline.save()
	with pytest.raises(StageGateError):
		make_pipeline_deal()
	deal.stage = "Drive"
	deal.save()
	assert deal.stage == "Drive"


# -- another pipeline ------------------------------------------------------------------------------


def test_pipeline_changes_only_by_its_action(deal):
	make_pipeline("Other")
	deal.pipeline = "Other"
	assert problems(deal) == ["pipeline"]
	deal = frappe.get_doc("Auto Deal", deal.name)
	# The hole of Frappe's own Workflow: the condition looks at the pipeline before the save.
	deal.update({"pipeline": "Other", "stage": "Drive"})
	assert problems(deal) == ["pipeline"]
	moved = change_pipeline(deal.name, "Other", "Contract", "Wrong department")
	assert (moved.pipeline, moved.stage) == ("Other", "Contract")
	log = frappe.get_last_doc("Deal Stage Log", {"deal": deal.name, "pipeline": "Other"})
	assert (log.from_pipeline, log.from_stage, log.to_stage) == ("Test Pipeline", "New", "Contract")
	assert log.reason == "Wrong department"


@pytest.mark.parametrize(
	("stage", "kind"), [("Won", "not_open"), ("Off", "disabled"), ("Contract", "fields")]
)
def test_landing_stage_has_its_gate(pipeline, stage, kind):
	make_pipeline("Other")
	deal = make_pipeline_deal("Other")
	with pytest.raises(StageGateError):
		change_pipeline(deal.name, "Test Pipeline", stage)
	assert kind in [problem["kind"] for problem in frappe.response["stage_gate"]["problems"]]


# -- the use case ----------------------------------------------------------------------------------


def test_move_takes_only_what_the_gate_asks(deal):
	with pytest.raises(FieldNotAsked):
		move_deal(
			deal.name,
			"Contract",
			{"amount": 5, "expected_close": "2026-12-01", "responsible": "Administrator"},
		)
	with pytest.raises(FieldNotAsked):
		move_deal(deal.name, "Drive", {"amount": 5})
	moved = move_deal(deal.name, "Contract", {"amount": 5, "expected_close": "2026-12-01"})
	assert (moved.stage, moved.amount) == ("Contract", 5)


def test_move_from_a_stage_that_the_deal_has_left(deal):
	move_deal(deal.name, "Drive", from_stage="New")
	with pytest.raises(MovedMeanwhile, match="Drive"):
		move_deal(deal.name, "Won", from_stage="New")


def test_the_same_move_twice_is_one(deal):
	move_deal(deal.name, "Drive")
	move_deal(deal.name, "Drive")
	assert len(logs(deal)) == 2


def test_move_needs_write_on_the_deal(deal, as_user, user_with):
	for role in ("Dealer Marketer", "Dealer Photographer"):
		with as_user(user_with(role)), pytest.raises(frappe.PermissionError):
			move_deal(deal.name, "Drive")


# -- the stage bar ---------------------------------------------------------------------------------


@pytest.mark.requirement("R30", "R31", "R57")
def test_stage_bar(deal):
	bar = make_stage_bar(deal)
	assert [stage["name"] for stage in bar["stages"]] == [
		*("New", "Drive", "Contract", "Calculation", "Photo", "Payment", "Won", "Lost")
	]
	assert [stage["name"] for stage in bar["stages"] if stage["current"]] == ["New"]
	assert bar["next_step"] == "Call the client"
	assert bar["overdue"] is False
	frappe.db.set_value(
		"Auto Deal",
		deal.name,
		{"stage_deadline": add_to_date(now_datetime(), minutes=-1)},
		update_modified=False,
	)
	deal.reload()
	assert make_stage_bar(deal)["overdue"] is True
	deal.update({"stage": "Contract", "amount": 1, "expected_close": "2026-12-01"})
	deal.save()
	bar = make_stage_bar(deal)
	assert [stage["name"] for stage in bar["stages"] if stage["done"]] == ["New", "Drive"]


# -- cost ------------------------------------------------------------------------------------------


def test_a_move_costs_few_statements(deal):
	"""The gate is 16 for a whole save; ours are the version of the pipeline and the log row."""
	deal.reload()
	deal.stage = "Drive"
	deal.save()
	deal.reload()
	deal.update({"stage": "Contract", "amount": 5, "expected_close": "2026-12-01"})
	with counted_sql() as statements:
		deal.save()
	ours = [s for s in statements if "Deal Pipeline" in s or "Deal Stage" in s]
	assert len(ours) == 2, ours
	assert ours[0].endswith("lock in share mode")
	assert ours[1].lstrip().lower().startswith("insert into `tabdeal stage log`")
	assert len(statements) <= 9, statements


def test_a_save_without_a_move_asks_nothing_about_stages(deal):
	deal.reload()
	deal.competitor = "x"
	with counted_sql() as statements:
		deal.save()
	assert not [s for s in statements if "Pipeline" in s or "Stage" in s or "Workflow" in s], statements


def test_no_workflow_actions_are_made(deal):
	deal.stage = "Drive"
	deal.save()
	assert not frappe.db.exists("Workflow Action", {"reference_doctype": "Auto Deal"})
