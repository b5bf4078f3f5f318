"""Where a deal may go, as tables of cases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from auto_dealer.pipelines.rules.stages import (
	HEAD_ROLES,
	LOST,
	WON,
	MoveFacts,
	PipelineRule,
	StageRule,
	deadline_of,
	decide_landing,
	decide_move,
	is_filled,
	is_overdue,
	needs_reason,
	seconds_between,
)

MANAGER = ["Dealer Sales Manager", "All"]
HEAD = ["Dealer Sales Head", "All"]
STAGES = (
	StageRule("New"),
	StageRule("Drive"),
	StageRule("Calculation", is_enabled=False, allowed_roles=("Dealer Appraiser",)),
	StageRule("Contract", required_fields=("amount", "vehicle")),
	StageRule("Photo", asks_for_photo=True, allowed_roles=("Dealer Appraiser", "Dealer Photographer")),
	StageRule("Payment", entry_condition="doc.amount > 0", condition_message="No sum"),
	StageRule("Won", WON),
	StageRule("Lost", LOST),
)
FREE = PipelineRule("Free", STAGES)
STRICT = PipelineRule("Strict", STAGES, is_strict=True)
OK = MoveFacts(lost_reason="Too expensive")


def kinds(pipeline, source, target, roles=MANAGER, facts=OK):
	return [problem["kind"] for problem in decide_move(pipeline, source, target, roles, facts).problems]


@pytest.mark.requirement("R21", "R30", "R111")
@pytest.mark.parametrize(
	("source", "target", "expected"),
	[
		("New", "Drive", []),
		("New", "Contract", []),
		("New", "Payment", []),
		("New", "Won", []),
		("New", "Lost", []),
		("Contract", "Lost", []),
		("Drive", "New", ["reason"]),
		("Payment", "Drive", ["reason"]),
		("New", "Calculation", ["disabled"]),
		("Calculation", "Contract", []),
		("Calculation", "New", ["reason"]),
		("New", "Nowhere", ["unknown_stage"]),
		("New", "new", ["unknown_stage"]),
		("New", "", ["unknown_stage"]),
		("Gone", "Drive", []),
		("New", "Photo", ["role"]),
		("Won", "New", ["reopen", "reason"]),
		("Won", "Lost", ["reopen", "reason"]),
		("Lost", "Payment", ["reopen", "reason"]),
		(None, "New", []),
		(None, "Drive", []),
		(None, "Won", ["not_open"]),
		(None, "Lost", ["not_open"]),
		(None, "Calculation", ["disabled"]),
	],
)
def test_free_pipeline(source, target, expected):
	assert kinds(FREE, source, target) == expected


@pytest.mark.parametrize(
	("source", "target", "expected"),
	[
		("New", "Drive", []),
		("New", "Contract", ["strict"]),
		# The switched-off stage between them is not a step.
		("Drive", "Contract", []),
		("Contract", "Drive", ["reason"]),
		("Contract", "New", ["strict", "reason"]),
		("Calculation", "Contract", []),
		("Calculation", "Drive", ["reason"]),
		("Calculation", "New", ["strict", "reason"]),
		("New", "Won", []),
		("New", "Lost", []),
		("Payment", "Won", []),
	],
)
def test_strict_pipeline(source, target, expected):
	assert kinds(STRICT, source, target) == expected


def test_strict_names_where_it_may_go():
	decision = decide_move(STRICT, "Contract", "New", MANAGER, OK)
	assert decision.problems[0] == {"kind": "strict", "stages": ["Drive", "Photo"]}


@pytest.mark.requirement("R111", "R73")
@pytest.mark.parametrize(
	("roles", "expected"),
	[
		(MANAGER, ["role"]),
		([], ["role"]),
		(HEAD, ["role"]),
		(["Dealer Appraiser"], []),
		(["Dealer Photographer", "All"], []),
	],
)
def test_roles_of_a_stage(roles, expected):
	assert kinds(FREE, "New", "Photo", roles) == expected


@pytest.mark.parametrize("role", sorted(HEAD_ROLES))
def test_heads_reopen_with_a_reason(role):
	assert kinds(FREE, "Won", "Drive", [role]) == ["reason"]
	assert kinds(FREE, "Lost", "Drive", [role], MoveFacts(reason="He called again")) == []


@pytest.mark.parametrize(
	("target", "facts", "expected"),
	[
		("Contract", MoveFacts(missing_fields=("amount",)), {"kind": "fields", "fields": ["amount"]}),
		("Payment", MoveFacts(condition_met=False), {"kind": "condition", "message": "No sum"}),
		("Lost", MoveFacts(), {"kind": "lost_reason"}),
	],
)
def test_gates(target, facts, expected):
	assert list(decide_move(FREE, "New", target, MANAGER, facts).problems) == [expected]


@pytest.mark.requirement("R70")
def test_photo_gate():
	appraiser = ["Dealer Appraiser"]
	assert kinds(FREE, "New", "Photo", appraiser, MoveFacts(has_photo=False)) == ["photo"]
	assert kinds(FREE, "New", "Photo", appraiser, MoveFacts(has_photo=True)) == []


def test_everything_that_is_missing_is_said_at_once():
	facts = MoveFacts(missing_fields=("amount", "vehicle"))
	assert kinds(FREE, "Payment", "Contract", MANAGER, facts) == ["reason", "fields"]


def test_a_blank_reason_is_none():
	assert kinds(FREE, "Drive", "New", MANAGER, MoveFacts(reason=" \n")) == ["reason"]


@pytest.mark.parametrize(
	("target", "roles", "was_closed", "expected"),
	[
		("New", MANAGER, False, []),
		("Drive", MANAGER, False, []),
		("Won", MANAGER, False, ["not_open"]),
		("Calculation", MANAGER, False, ["disabled"]),
		("Photo", MANAGER, False, ["role"]),
		("New", MANAGER, True, ["reopen"]),
		("New", HEAD, True, []),
	],
)
def test_landing_from_another_pipeline(target, roles, was_closed, expected):
	decision = decide_landing(FREE, target, roles, OK, was_closed)
	assert [problem["kind"] for problem in decision.problems] == expected


@pytest.mark.parametrize(
	("value", "fieldtype", "expected"),
	[
		(None, "Data", False),
		("", "Data", False),
		("  ", "Small Text", False),
		("0", "Data", True),
		(0, "Currency", False),
		("0.00", "Currency", False),
		(0.01, "Currency", True),
		("abc", "Int", False),
		(0, "Check", False),
		(1, "Check", True),
		("1", "Check", True),
		([], "Table", False),
		([{}], "Table", True),
	],
)
def test_is_filled(value, fieldtype, expected):
	assert is_filled(value, fieldtype) is expected


NOON = datetime(2026, 3, 1, 12)


@pytest.mark.requirement("R57")
@pytest.mark.parametrize(
	("stage", "expected"),
	[
		(StageRule("A"), None),
		(StageRule("A", deadline_hours=0.5), NOON + timedelta(minutes=30)),
		(StageRule("A", deadline_hours=48), NOON + timedelta(days=2)),
		(StageRule("A", WON, deadline_hours=48), None),
	],
)
def test_deadline(stage, expected):
	assert deadline_of(stage, NOON) == expected


@pytest.mark.requirement("R57")
@pytest.mark.parametrize(
	("deadline", "is_closed", "expected"),
	[
		(None, False, False),
		(NOON, False, False),
		(NOON - timedelta(microseconds=1), False, True),
		(NOON - timedelta(days=1), True, False),
		(NOON + timedelta(days=1), False, False),
	],
)
def test_overdue(deadline, is_closed, expected):
	assert is_overdue(deadline, NOON, is_closed) is expected


@pytest.mark.parametrize(
	("since", "expected"),
	[(None, 0), (NOON, 0), (NOON - timedelta(minutes=1, microseconds=9), 60), (NOON + timedelta(hours=1), 0)],
)
def test_seconds(since, expected):
	assert seconds_between(since, NOON) == expected


def test_entry_stage_is_the_first_open_one_that_is_on():
	stages = (
		StageRule("Off", is_enabled=False),
		StageRule("W", WON),
		StageRule("First"),
		StageRule("Second"),
	)
	assert PipelineRule("P", stages).entry_stage.name == "First"
	assert PipelineRule("P", stages[:2]).entry_stage is None


def test_a_former_name_leads_on_unless_it_is_in_use():
	pipeline = PipelineRule("P", (StageRule("New name", former_names=("Old", "B")), StageRule("B")))
	assert pipeline.find_former("Old").name == "New name"
	assert pipeline.find_former("B") is None
	assert pipeline.find_former("Never") is None


def test_needs_reason_for_a_new_deal_never():
	assert not needs_reason(FREE, None, STAGES[0])
