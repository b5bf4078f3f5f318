"""The Workflow says the same as the pipelines: every edge and every role, against the rule itself."""

from __future__ import annotations

import itertools

import pytest

from auto_dealer.pipelines.rules.stages import (
	HEAD_ROLES,
	LOST,
	WON,
	MoveFacts,
	PipelineRule,
	StageRule,
	decide_move,
)
from auto_dealer.pipelines.rules.workflow_edges import compile_edges, condition_for, union_of_stages

STAGES = (
	StageRule("New"),
	StageRule("Drive"),
	StageRule("Off", is_enabled=False),
	StageRule("Photo", allowed_roles=("Dealer Appraiser", "Dealer Sales Head")),
	StageRule("Won", WON),
	StageRule("Lost", LOST),
)
PIPELINES = [
	PipelineRule('It\'s "A" \\ 🚗', STAGES, sort_order=2),
	PipelineRule("B", STAGES, is_strict=True, sort_order=3),
	PipelineRule("C", (StageRule("Due"), *STAGES[1:]), sort_order=1),
]
ROLES = ["All", "Dealer Appraiser", *sorted(HEAD_ROLES)]


class Doc:
	def __init__(self, pipeline):
		self.pipeline = pipeline


@pytest.mark.requirement("R111")
@pytest.mark.parametrize("pipeline", PIPELINES, ids=lambda pipeline: pipeline.name)
def test_edges_agree_with_the_guard(pipeline):
	edges = compile_edges(PIPELINES)
	facts = MoveFacts(reason="because", lost_reason="price")
	for role in ROLES:
		mine = {"All", role}
		drawn = {
			(edge.state, edge.next_state)
			for edge in edges
			if edge.role in mine and eval(edge.condition, {"doc": Doc(pipeline.name)})
		}
		allowed = {
			(source.name, target.name)
			for source, target in itertools.permutations(pipeline.enabled, 2)
			if decide_move(pipeline, source.name, target.name, mine, facts).allowed
		}
		assert drawn == allowed, role


def test_shared_edges_are_one():
	edges = compile_edges(PIPELINES)
	keys = [(edge.state, edge.next_state, edge.role) for edge in edges]
	assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
	"name", ["A", "It's", '"', "\\", "a\\'b", "🚗", "</script>", "'; import os #", "{0}%s"]
)
def test_condition_is_true_for_its_pipeline_only(name):
	condition = condition_for([name])
	assert eval(condition, {"doc": Doc(name)}) is True
	assert eval(condition, {"doc": Doc(name + "x")}) is False
	both = condition_for([name, "Other"])
	assert eval(both, {"doc": Doc(name)})
	assert eval(both, {"doc": Doc("Other")})


def test_union_keeps_the_order_and_ends_with_the_final_stages():
	assert union_of_stages(PIPELINES) == ["Due", "Drive", "Photo", "New", "Won", "Lost"]
	default = [PIPELINES[0], PipelineRule("D", STAGES, is_default=True, sort_order=9)]
	assert union_of_stages([*default, PIPELINES[2]])[0] == "New"
