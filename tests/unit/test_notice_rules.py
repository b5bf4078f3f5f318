"""Notices and preparation: pure decisions as tables of cases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from auto_dealer.notices.rules.answers import Notice, buttons_for, decide
from auto_dealer.notices.rules.reminders import reminder_at
from auto_dealer.processes.rules import detailing, diagnostics
from auto_dealer.processes.rules.deal_course import find_target, next_stage
from auto_dealer.processes.rules.preparation import Late, Move, days, find_late, time_in_steps

NOON = datetime(2026, 12, 1, 12, 0)


def notice(
	kind: str, status: str = "Open", owner: str = "", asks_for_date: bool = False, **answers: str
) -> Notice:
	return Notice(kind, status, owner, {"anna": "", "boris": "", **answers}, asks_for_date)


@pytest.mark.parametrize(
	("given", "user", "answer", "problem"),
	[
		(notice("Info"), "clara", "read", "not_asked"),
		(notice("Info"), "anna", "take", "wrong_answer"),
		(notice("Confirm Reading"), "anna", "approve", "wrong_answer"),
		(notice("Confirm Reading", "Cancelled"), "anna", "confirm", "over"),
		(notice("First Wins", "Taken", "boris"), "anna", "take", "taken_by_other"),
		(notice("First Wins", "Cancelled", "boris"), "anna", "take", "taken_by_other"),
		(notice("Approval", "Taken", "boris"), "anna", "approve", "taken_by_other"),
		(notice("Approval", "Done", "anna", anna="approve"), "anna", "return", "answered"),
		(notice("Approval"), "anna", "return", "no_comment"),
		(notice("Confirm Reading", asks_for_date=True), "anna", "confirm", "no_date"),
		(notice("First Wins", asks_for_date=True), "anna", "take", "no_date"),
	],
)
def test_refusals(given, user, answer, problem):
	assert decide(given, user, answer).problem == problem


@pytest.mark.requirement("R250")
def test_a_notice_is_done_when_everybody_has_confirmed():
	assert decide(notice("Confirm Reading"), "anna", "confirm").status == "Open"
	assert decide(notice("Confirm Reading", boris="confirm"), "anna", "confirm").status == "Done"
	assert decide(notice("Confirm Reading", anna="confirm"), "anna", "confirm").is_repeat


@pytest.mark.requirement("R251")
def test_the_first_one_owns_it():
	outcome = decide(notice("First Wins"), "anna", "take")
	assert (outcome.status, outcome.owner) == ("Taken", "anna")
	assert decide(notice("First Wins", "Taken", "anna", anna="take"), "anna", "take").is_repeat


def test_an_approval_is_taken_by_opening_or_by_the_answer():
	assert decide(notice("Approval"), "anna", "take").status == "Taken"
	assert decide(notice("Approval", "Taken", "anna", anna="take"), "anna", "approve").status == "Done"
	answered = decide(notice("Approval"), "boris", "return", "дорого")
	assert (answered.status, answered.owner) == ("Done", "boris")


@pytest.mark.parametrize(
	("given", "user", "buttons"),
	[
		(notice("Info"), "anna", ()),
		(notice("Confirm Reading"), "anna", ("confirm",)),
		(notice("Confirm Reading", anna="confirm"), "anna", ()),
		(notice("First Wins"), "anna", ("take",)),
		(notice("First Wins", "Taken", "boris"), "anna", ()),
		(notice("First Wins", "Taken", "anna", anna="take"), "anna", ()),
		(notice("Approval"), "anna", ("approve", "return")),
		(notice("Approval", "Taken", "anna", anna="take"), "anna", ("approve", "return")),
		(notice("Approval", "Taken", "boris"), "anna", ()),
		(notice("Approval", "Done", "anna", anna="approve"), "anna", ()),
		(notice("Approval", "Cancelled"), "anna", ()),
		(notice("Approval"), "clara", ()),
	],
)
def test_buttons(given, user, buttons):
	assert buttons_for(given, user) == buttons


@pytest.mark.requirement("R248")
@pytest.mark.parametrize(
	("due", "hours", "expected"),
	[
		(NOON + timedelta(hours=5), 2, NOON + timedelta(hours=3)),
		(NOON + timedelta(hours=1), 2, NOON),
		(NOON + timedelta(hours=5), 0, NOON + timedelta(hours=5)),
		(NOON, 2, None),
		(NOON - timedelta(hours=1), 2, None),
		(None, 2, None),
		(NOON + timedelta(hours=5), -1, None),
	],
)
def test_reminders(due, hours, expected):
	assert reminder_at(due, hours, NOON) == expected


STAGES = ["New", "Done", "Detailing", "Detailing Done", "Photo"]


@pytest.mark.parametrize(
	("current", "wanted", "only_from_before", "target"),
	[
		("New", "Detailing Done", False, "Detailing Done"),
		("Photo", "Detailing Done", False, ""),
		("Detailing", "Detailing", False, ""),
		("Done", "Detailing", True, "Detailing"),
		("New", "Detailing", True, ""),
		("Won", "Detailing", False, ""),
		("New", "Unknown", False, ""),
		("New", "", False, ""),
	],
)
def test_a_process_sends_a_deal_on_never_back(current, wanted, only_from_before, target):
	assert find_target(STAGES, current, wanted, only_from_before) == target


def test_next_stage():
	assert next_stage(STAGES, "New") == "Done"
	assert next_stage(STAGES, "Photo") == next_stage(STAGES, "Won") == ""


@pytest.mark.requirement("R160", "R161", "R162")
@pytest.mark.parametrize(
	("kind", "before", "state", "is_right"),
	[
		("Commission", "Draft", "Hand Over to Detailing", True),
		("Commission", "Draft", "Price Approval", False),
		("Buyout", "Draft", "Price Approval", True),
		("Buyout", "Draft", "Hand Over to Detailing", False),
		("Buyout", "Price Approval", "Hand Over to Detailing", True),
		("Buyout", "Draft", "Cancelled", True),
	],
)
def test_the_fork(kind, before, state, is_right):
	assert detailing.is_fork_right(kind, before, state) is is_right


def test_required_fields_of_a_state():
	assert diagnostics.missing_fields("Waiting for Leader", {"vehicle_title": " ", "address": "x"}) == [
		"vehicle_title"
	]
	assert diagnostics.missing_fields("An Admin's Own", {}) == []
	assert detailing.missing_fields("Price Approval", {"contract_kind": "Buyout", "price": 0}) == [
		"vehicle_title",
		"works",
		"price",
	]


def test_turns_of_the_conversation():
	assert detailing.message_of("Draft", "Price Approval") == "Sent"
	assert detailing.message_of("Price Approval", "Correction") == "Returned"
	assert detailing.message_of("Price Approval", "Hand Over to Detailing") == "Agreed"
	assert detailing.message_of("Draft", "Hand Over to Detailing") == ""


def test_agreed_works_are_a_list_of_works_and_costs():
	assert not detailing.changed_works([("a", 1.0), ("b", 2.0)], [("b", 2.0), ("a", 1.0)])
	assert detailing.changed_works([("a", 1.0)], [("a", 2.0)])


def test_time_in_steps_adds_up_what_was_entered_twice():
	moves = [
		Move("Buyout", "New", 3600),
		Move("Buyout", "Detailing", 86400),
		Move("Buyout", "Detailing", 86400),
	]
	spent = time_in_steps([*moves, Move("", "", 5)], ("Buyout", "Photo"), NOON - timedelta(hours=2), NOON)
	assert spent == {
		("Buyout", "New"): 3600,
		("Buyout", "Detailing"): 172800,
		("Buyout", "Photo"): 7200,
	}
	assert days(172800) == 2.0


def test_the_late_step():
	spent = {("B", "Detailing"): 100 * 3600, ("B", "Photo"): 30 * 3600, ("B", "Now"): 3600}
	deadlines = {("B", "Detailing"): 72, ("B", "Photo"): 24, ("B", "Now"): 0}
	assert find_late(spent, deadlines, ("B", "Now")) == Late(("B", "Detailing"), 28 * 3600, False)
	assert find_late(spent, deadlines, ("B", "Now"), 60) == Late(("B", "Now"), 60, True)
	assert find_late({("B", "Now"): 1}, deadlines, ("B", "Now")) is None
