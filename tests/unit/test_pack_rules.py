"""The file of a pack and the comparison of two."""

from __future__ import annotations

import json

import pytest

from auto_dealer.packs.rules.pack_diff import Change, compare, count, match_stages
from auto_dealer.packs.rules.pack_format import (
	FORMAT,
	FieldSpec,
	Problem,
	UnreadablePack,
	compact,
	find_problems,
	fingerprint,
	normalise,
	parse,
	write,
)


def specs(*fields: FieldSpec) -> dict[str, FieldSpec]:
	return {field.name: field for field in fields}


SCHEMA = {
	"pipeline": specs(FieldSpec("pipeline_name"), FieldSpec("is_strict", "Check")),
	"stages": specs(
		FieldSpec("stage_name"),
		FieldSpec("kind", "Select", "Open", ("Open", "Won", "Lost")),
		FieldSpec("is_enabled", "Check", "1"),
		FieldSpec("deadline_hours", "Float"),
		FieldSpec("former_names", "Small Text"),
	),
	"robots": specs(
		FieldSpec("key"),
		FieldSpec("title"),
		FieldSpec("message", "Text"),
		FieldSpec("sort_order", "Int", "10"),
	),
	"email_templates": specs(FieldSpec("name"), FieldSpec("subject")),
	"server_scripts": specs(FieldSpec("name"), FieldSpec("script", "Code")),
}


def file(**parts) -> dict:
	stages = [{"stage_name": "New"}, {"stage_name": "Won", "kind": "Won"}]
	return {
		"format": FORMAT,
		"format_version": 1,
		"pipeline": {"pipeline_name": "P"},
		"stages": stages,
		**parts,
	}


def pack(*stages: str | dict, **parts) -> dict:
	rows = [stage if isinstance(stage, dict) else {"stage_name": stage} for stage in stages]
	return normalise(file(stages=rows, **parts), SCHEMA)


# -- reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("text", "kind", "value"),
	[
		("", "empty", ""),
		("  \n", "empty", ""),
		("{", "not_json", "1:2"),
		('{"format":\n nonsense}', "not_json", "2:2"),
		("[" * 100_000, "not_json", "1:1"),
		("[]", "foreign", ""),
		("1", "foreign", ""),
		('{"format": "auto_dealer"}', "foreign", ""),
		(json.dumps({"format": FORMAT}), "bad_version", "None"),
		(json.dumps({"format": FORMAT, "format_version": True}), "bad_version", "True"),
		(json.dumps({"format": FORMAT, "format_version": 0}), "bad_version", "0"),
		(json.dumps({"format": FORMAT, "format_version": 2}), "too_new", "2"),
		("x" * 5_000_001, "too_large", ""),
	],
)
def test_what_is_no_pack(text, kind, value):
	with pytest.raises(UnreadablePack) as refused:
		parse(text)
	assert refused.value.problem == Problem(kind, value=value)


def test_a_pack_is_read():
	assert parse("\ufeff" + json.dumps(file())) == file()
	assert find_problems(file(), SCHEMA) == []


@pytest.mark.parametrize(
	("parts", "problem"),
	[
		({"pipeline": []}, Problem("missing", "pipeline")),
		({"pipeline": {}}, Problem("missing", "pipeline", field="pipeline_name")),
		({"pipeline": {"pipeline_name": 5}}, Problem("wrong_type", "pipeline", "5", "pipeline_name", "5")),
		({"pipeline": {"pipeline_name": "P", "mana": 1}}, Problem("unknown", "pipeline", "P", "mana")),
		({"stages": None}, Problem("missing", "stages")),
		({"stages": {}}, Problem("wrong_type", "stages")),
		({"stages": ["New"]}, Problem("wrong_type", "stages", "1")),
		({"stages": [{"stage_name": " "}]}, Problem("missing", "stages", " ", "stage_name")),
		(
			{"stages": [{"stage_name": "A"}, {"stage_name": "A"}]},
			Problem("twice", "stages", "A", "stage_name", "A"),
		),
		(
			{"stages": [{"stage_name": "A", "kind": "Half"}]},
			Problem("bad_choice", "stages", "A", "kind", "Half"),
		),
		(
			{"stages": [{"stage_name": "A", "deadline_hours": "2"}]},
			Problem("wrong_type", "stages", "A", "deadline_hours", "2"),
		),
		(
			{"stages": [{"stage_name": "A", "deadline_hours": True}]},
			Problem("wrong_type", "stages", "A", "deadline_hours", "True"),
		),
		(
			{"stages": [{"stage_name": "A", "is_enabled": "yes"}]},
			Problem("wrong_type", "stages", "A", "is_enabled", "yes"),
		),
		({"robots": [{"title": "R"}]}, Problem("missing", "robots", "R", "key")),
		({"rights": {"roles": "Boss"}}, Problem("wrong_type", field="rights")),
		({"spells": []}, Problem("unknown", field="spells")),
	],
)
def test_what_is_damaged_or_unknown_is_named(parts, problem):
	assert problem in find_problems(file(**parts), SCHEMA)


def test_defaults_are_left_out_of_the_file_and_come_back():
	whole = pack(
		{"stage_name": "New", "is_enabled": 0, "deadline_hours": 2},
		robots=[{"key": "k", "title": "T", "sort_order": 0, "message": "a\r\nb \n"}],
	)
	thin = compact(whole, SCHEMA, ("Boss", "Admin"))
	assert thin["stages"] == [{"stage_name": "New", "is_enabled": 0, "deadline_hours": 2.0}]
	assert thin["robots"] == [{"key": "k", "title": "T", "message": "a\nb", "sort_order": 0}]
	assert thin["rights"] == {"roles": ["Admin", "Boss"]}
	assert normalise(json.loads(write(thin)), SCHEMA) == whole
	assert find_problems(thin, SCHEMA) == []


def test_a_fingerprint_knows_every_difference():
	assert fingerprint(pack("A", "B")) == fingerprint(pack("A", "B"))
	assert len({fingerprint(pack(*names)) for names in (("A", "B"), ("B", "A"), ("A",))}) == 3
	assert fingerprint(None) != fingerprint({})


# -- comparing -------------------------------------------------------------------------------------


def test_equal_packs_have_no_differences():
	assert compare(pack("A", "B"), pack("A", "B")) == []
	assert compare(pack({"stage_name": "A", "former_names": "Z"}), pack("A")) == []


def test_stages_are_matched_by_name_then_by_what_they_were_called():
	old = pack("New", {"stage_name": "Our Drive", "former_names": "Drive"}, "Pay")["stages"]
	new = pack("new", "Drive", {"stage_name": "Payment", "former_names": "Pay"})["stages"]
	assert match_stages(old, new) == {"New": "new", "Our Drive": "Drive", "Pay": "Payment"}


def test_a_name_that_is_there_belongs_to_nobody_else():
	old = pack("A", "B")["stages"]
	new = pack({"stage_name": "B", "former_names": "A"})["stages"]
	assert match_stages(old, new) == {"B": "B"}


def test_stages_added_removed_renamed_and_changed():
	old = pack("A", "B", "C")
	new = pack("A", {"stage_name": "D", "former_names": "C", "deadline_hours": 3}, "E")
	assert compare(old, new) == [
		Change("stages", "renamed", "D", "stage_name", "C", "D"),
		Change("stages", "changed", "D", "deadline_hours", 0.0, 3.0),
		Change("stages", "added", "E"),
		Change("stages", "removed", "B"),
	]


@pytest.mark.parametrize(
	("order", "moved"),
	[("ABCD", ""), ("BCDA", "A"), ("DABC", "D"), ("BACD", "B"), ("DCBA", "ABC"), ("AXBCD", "")],
)
def test_only_what_left_its_place_has_moved(order, moved):
	changes = compare(pack(*"ABCD"), pack(*order))
	found = {change.title for change in changes if change.kind == "moved"}
	assert len(found) == len(moved)
	assert len(moved) > 1 or found == set(moved)


def test_robots_by_key_templates_are_never_removed():
	old = pack("A", robots=[{"key": "1", "title": "one"}, {"key": "2", "title": "two"}])
	old["email_templates"] = [{"name": "T", "subject": "s"}]
	new = pack("A", robots=[{"key": "1", "title": "uno"}, {"key": "3", "title": "three"}])
	changes = compare(old, new)
	assert changes == [
		Change("robots", "changed", "uno", "title", "one", "uno"),
		Change("robots", "added", "three"),
		Change("robots", "removed", "two"),
	]
	assert count(changes) == {("robots", "changed"): 1, ("robots", "added"): 1, ("robots", "removed"): 1}


def test_a_new_pipeline_is_all_added():
	changes = compare(None, pack("A", "B", robots=[{"key": "1", "title": "one"}]))
	assert {(change.part, change.kind) for change in changes} == {
		("pipeline", "added"),
		("stages", "added"),
		("robots", "added"),
	}
