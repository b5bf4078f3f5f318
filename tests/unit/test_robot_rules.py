"""When robots are concerned, when they run, when they are cut: tables of cases."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from auto_dealer.robots.rules.chain import LONGEST_CHAIN, OWN_CHANGE, TOO_LONG, find_cut
from auto_dealer.robots.rules.events import Change, is_concerned
from auto_dealer.robots.rules.expressions import (
	BadExpression,
	first_false,
	names_in,
	parts_of,
	paths_in,
	unknown_names,
)
from auto_dealer.robots.rules.plain_text import to_plain_text
from auto_dealer.robots.rules.robot import RobotRule, seconds_of
from auto_dealer.robots.rules.timing import (
	PAUSES,
	due_of_date,
	end_of_quiet,
	first_due,
	next_due,
	pause_after,
)

NOON = datetime(2026, 11, 20, 12, 0)


def robot(event: str, **values) -> RobotRule:
	return RobotRule(
		name="r", title="r", document_type="Auto Deal", event=event, action="Notify Staff", **values
	)


def change(**values) -> Change:
	return Change(**{"pipeline": "P", "stage": "B", "before_pipeline": "P", "before_stage": "A", **values})


STAYS = {"before_stage": "B"}
NEW = {"is_new": True, "before_pipeline": "", "before_stage": ""}
EVENTS = [
	# event, values of the robot, the change, concerned
	("Stage Entered", {"stage": "B"}, {}, True),
	("Stage Entered", {"stage": "A"}, {}, False),
	("Stage Entered", {}, {}, True),
	("Stage Entered", {"stage": "B"}, STAYS, False),
	("Stage Entered", {"stage": "B"}, NEW, True),
	("Stage Entered", {"stage": "B", "pipeline": "Q"}, {}, False),
	("Stage Entered", {"stage": "B"}, {"before_stage": "B", "before_pipeline": "Q"}, True),
	("Time in Stage", {"stage": "B"}, {}, True),
	("Repeat in Stage", {"stage": "B"}, STAYS, False),
	("Stage Left", {"stage": "A"}, {}, True),
	("Stage Left", {"stage": "B"}, {}, False),
	("Stage Left", {"stage": "B"}, NEW, False),
	("Stage Left", {"stage": "A", "pipeline": "Q"}, {}, False),
	("Saved", {"stage": "B"}, STAYS, True),
	("Saved", {"stage": "A"}, {}, False),
	("Saved", {}, {"is_save": False}, False),
	("Field Changed", {"watched_field": "amount"}, {**STAYS, "changed_fields": frozenset({"amount"})}, True),
	("Field Changed", {"watched_field": "amount"}, {**STAYS, "changed_fields": frozenset({"phone"})}, False),
	("File Attached", {"stage": "B"}, {"is_save": False, "extra_events": frozenset({"File Attached"})}, True),
	(
		"File Attached",
		{"stage": "A"},
		{"is_save": False, "extra_events": frozenset({"File Attached"})},
		False,
	),
	("File Attached", {}, STAYS, False),
	("Payment Received", {}, {"is_save": False, "extra_events": frozenset({"Payment Received"})}, True),
	("Deadline Near", {}, {}, False),
	("Date Field Past", {}, NEW, False),
	("Stage Entered", {}, {"is_save": False, "before_stage": "A"}, False),
]


@pytest.mark.parametrize(("event", "values", "changed", "expected"), EVENTS)
def test_which_robots_a_save_concerns(event, values, changed, expected):
	assert is_concerned(robot(event, **values), change(**changed)) is expected


def test_times():
	assert seconds_of(2, "Hours") == 7200
	assert seconds_of(0.5, "Minutes") == 30
	assert seconds_of(None, None) == 0
	assert first_due(robot("Stage Entered", delay=60), NOON) == NOON + timedelta(minutes=1)
	assert first_due(robot("Repeat in Stage", repeat_every=3600), NOON) == NOON + timedelta(hours=1)
	assert due_of_date(robot("Deadline Near", delay=7200), NOON) == NOON - timedelta(hours=2)
	assert due_of_date(robot("Deadline Past", delay=7200), NOON) == NOON + timedelta(hours=2)


@pytest.mark.requirement("R249")
@pytest.mark.parametrize(
	("late", "expected"),
	[
		(timedelta(0), NOON + timedelta(days=1)),
		(timedelta(hours=5), NOON + timedelta(days=1)),
		(timedelta(days=7, hours=5), NOON + timedelta(days=8)),
		(timedelta(days=-1), NOON + timedelta(days=1)),
	],
)
def test_a_repetition_catches_up_once(late, expected):
	assert next_due(NOON, 86400, NOON + late) == expected


def test_a_repetition_without_a_period_is_refused():
	with pytest.raises(ValueError, match="period"):
		next_due(NOON, 0, NOON)


def test_pauses_grow_and_end():
	pauses = [pause_after(attempt) for attempt in range(1, len(PAUSES) + 1)]
	assert pauses == sorted(pauses)
	assert len(set(pauses)) == len(pauses)
	assert pause_after(len(PAUSES) + 1) is None


@pytest.mark.parametrize(
	("at", "start", "end", "expected"),
	[
		("2026-11-20 22:30", "21:00", "09:00", "2026-11-21 09:00"),
		("2026-11-20 21:00", "21:00", "09:00", "2026-11-21 09:00"),
		("2026-11-20 03:00", "21:00", "09:00", "2026-11-20 09:00"),
		("2026-11-20 08:59", "21:00", "09:00", "2026-11-20 09:00"),
		("2026-11-20 09:00", "21:00", "09:00", None),
		("2026-11-20 20:59", "21:00", "09:00", None),
		("2026-12-31 23:59", "21:00", "09:30", "2027-01-01 09:30"),
		("2026-11-20 13:30", "13:00", "14:00", "2026-11-20 14:00"),
		("2026-11-20 14:00", "13:00", "14:00", None),
		("2026-11-20 14:00", "09:00", "09:00", None),
	],
)
def test_quiet_hours(at, start, end, expected):
	found = end_of_quiet(datetime.fromisoformat(at), time.fromisoformat(start), time.fromisoformat(end))
	assert found == (datetime.fromisoformat(expected) if expected else None)


def test_chains_are_cut():
	assert find_cut((), "a") is None
	assert find_cut(("b",), "a") is None
	assert find_cut(("a", "b"), "a") == OWN_CHANGE
	assert find_cut(tuple(f"x{number}" for number in range(LONGEST_CHAIN)), "a") == TOO_LONG


def test_what_an_expression_reads():
	text = "amount > 0 and doc.stage == 'A' and any(row.make for row in rows) and not is_priority"
	assert set(names_in(text)) == {"amount", "doc", "any", "rows", "is_priority"}
	assert set(paths_in("amount > 0 and doc.stage == 'A' and len(rows)")) == {"amount", "doc.stage", "rows"}
	assert paths_in("'x' in client_name.lower()") == ("client_name",)
	assert parts_of("a and (b or c)") == ("a", "b or c")
	assert parts_of("a or b") == ("a or b",)
	assert first_false("a and b and c", lambda part: part == "a") == "b"
	assert first_false("a or b", lambda part: False) == "a or b"
	assert unknown_names("amount > 0 and x", ["amount"]) == ("x",)


@pytest.mark.parametrize("text", ["", "amount >", "import os", "a = 1", "x; y", "def f(): pass"])
def test_what_is_no_expression(text):
	with pytest.raises(BadExpression):
		names_in(text)


@pytest.mark.parametrize(
	("text", "plain"),
	[
		(None, ""),
		("as typed {{ doc.name }}", "as typed {{ doc.name }}"),
		("<div class='ql-editor'><p>a&nbsp;&lt;b</p><p><br></p><p>c</p></div>", "a <b\n\nc"),
		("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
		("{% if doc.amount %}<b>x</b>{% endif %}", "{% if doc.amount %}x{% endif %}"),
	],
)
def test_templates_as_plain_text(text, plain):
	assert to_plain_text(text) == plain
