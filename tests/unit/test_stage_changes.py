"""What an edit of a pipeline means for its stages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auto_dealer.pipelines.rules.stage_changes import compare, former_names, structure_problems
from auto_dealer.pipelines.rules.stages import LOST, WON, PipelineRule, StageRule

NEW = StageRule("New", row="r1")
DRIVE = StageRule("Drive", row="r2", deadline_hours=24)
WIN = StageRule("Won", WON, row="r3")
LOSE = StageRule("Lost", LOST, row="r4")
OLD = PipelineRule("P", (NEW, DRIVE, WIN, LOSE))


def edited(*stages):
	return PipelineRule("P", stages)


def summary(new):
	changes = compare(OLD, new)
	return (
		dict(changes.renamed),
		[stage.name for stage in changes.vacated],
		[stage.name for stage in changes.retuned],
		list(changes.touched),
	)


@pytest.mark.requirement("R21")
@pytest.mark.parametrize(
	("new", "expected"),
	[
		(OLD, ({}, [], [], [])),
		(edited(DRIVE, NEW, LOSE, WIN), ({}, [], [], [])),
		(edited(*OLD.stages, StageRule("Extra")), ({}, [], [], [])),
		(edited(NEW, replace(DRIVE, next_step="Call"), WIN, LOSE), ({}, [], [], [])),
		(edited(NEW, replace(DRIVE, name="Тест"), WIN, LOSE), ({"Drive": "Тест"}, [], [], ["Drive"])),
		# Two stages change places by name.
		(
			edited(replace(NEW, name="Drive"), replace(DRIVE, name="New"), WIN, LOSE),
			({"New": "Drive", "Drive": "New"}, [], [], ["New", "Drive"]),
		),
		(edited(NEW, WIN, LOSE), ({}, ["Drive"], [], ["Drive"])),
		(edited(NEW, replace(DRIVE, is_enabled=False), WIN, LOSE), ({}, ["Drive"], [], ["Drive"])),
		(edited(NEW, replace(DRIVE, kind=WON), WIN, LOSE), ({}, ["Drive"], [], ["Drive"])),
		(edited(NEW, replace(DRIVE, deadline_hours=1), WIN, LOSE), ({}, [], ["Drive"], ["Drive"])),
		(edited(NEW, replace(DRIVE, probability=5), WIN, LOSE), ({}, [], ["Drive"], ["Drive"])),
		# A whole list sent over REST has no row names: the same name is the same stage, case aside.
		(
			edited(StageRule("New"), StageRule("drive", deadline_hours=24), WIN, LOSE),
			({"Drive": "drive"}, [], [], ["Drive"]),
		),
		# A new row with another name is another stage.
		(edited(NEW, StageRule("Ride"), WIN, LOSE), ({}, ["Drive"], [], ["Drive"])),
	],
)
def test_compare(new, expected):
	assert summary(new) == expected


def test_former_names_are_remembered_until_taken():
	once = edited(NEW, replace(DRIVE, name="Ride"), WIN, LOSE)
	assert former_names(OLD, once)["Ride"] == ("Drive",)
	known = edited(NEW, replace(DRIVE, name="Ride", former_names=("Drive",)), WIN, LOSE)
	twice = edited(NEW, replace(DRIVE, name="Test"), WIN, LOSE)
	assert former_names(known, twice)["Test"] == ("Ride", "Drive")
	taken = edited(NEW, replace(DRIVE, name="Test"), StageRule("Drive"), WIN, LOSE)
	assert former_names(known, taken)["Test"] == ("Ride",)


def test_former_names_are_capped():
	many = tuple(f"Name {number}" for number in range(10))
	old = edited(replace(NEW, former_names=many), WIN, LOSE)
	new = edited(replace(NEW, name="Newest"), WIN, LOSE)
	assert former_names(old, new)["Newest"] == ("New", *many[:9])


@pytest.mark.parametrize(
	("stages", "expected"),
	[
		(OLD.stages, []),
		((NEW, replace(NEW, name="NEW"), WIN, LOSE), ["duplicate"]),
		((NEW, StageRule(""), WIN, LOSE), ["empty"]),
		((WIN, LOSE), ["no_open"]),
		((NEW, LOSE), ["no_won"]),
		((NEW, WIN), ["no_lost"]),
		((replace(NEW, is_enabled=False), WIN, LOSE), ["no_open"]),
		((), ["no_open", "no_won", "no_lost"]),
	],
)
def test_structure(stages, expected):
	assert [problem["kind"] for problem in structure_problems(edited(*stages))] == expected
