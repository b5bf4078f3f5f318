"""The edges of Frappe's Workflow that say the same as the pipelines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auto_dealer.pipelines.rules.stages import HEAD_ROLES, PipelineRule, StageRule, may_go

EVERYBODY = "All"


@dataclass(frozen=True)
class Edge:
	"""One transition: who with `role` may go from `state` to `next_state` when `condition` (Python) holds."""

	state: str
	next_state: str
	role: str
	condition: str


def union_of_stages(pipelines: Iterable[PipelineRule]) -> list[str]:
	"""The switched-on stages of all pipelines, each once, in the order of the pipelines; Won and Lost come last.

	The first is the entry stage of the first pipeline: the desk puts the first state into a new form.
	"""
	stages = [stage for pipeline in _ordered(pipelines) for stage in pipeline.enabled]
	return list(dict.fromkeys(stage.name for stage in sorted(stages, key=lambda stage: not stage.is_open)))


def compile_edges(pipelines: Iterable[PipelineRule]) -> list[Edge]:
	"""The edges of all pipelines; those that several pipelines share are one edge with one condition."""
	holders: dict[tuple[str, str, str], list[str]] = {}
	for pipeline in _ordered(pipelines):
		for source in pipeline.enabled:
			for target in pipeline.enabled:
				if may_go(pipeline, source, target):
					for role in roles_of_edge(source, target):
						holders.setdefault((source.name, target.name, role), []).append(pipeline.name)
	return [Edge(*key, condition=condition_for(names)) for key, names in holders.items()]


def roles_of_edge(source: StageRule, target: StageRule) -> list[str]:
	"""One role per edge row is all a Workflow knows. Out of a final stage: the heads, of them those whom the target
	admits; when the target admits only others, those who are both are left to the guard, and no edge is drawn."""
	admitted = target.allowed_roles or (EVERYBODY,)
	if source.is_open:
		return list(admitted)
	if EVERYBODY in admitted:
		return sorted(HEAD_ROLES)
	return sorted(HEAD_ROLES & set(admitted))


def condition_for(pipelines: list[str]) -> str:
	"""Python that is true for deals of these pipelines; names with quotes, backslashes or emoji are escaped."""
	if len(pipelines) == 1:
		return f"doc.pipeline == {pipelines[0]!r}"
	return f"doc.pipeline in ({', '.join(repr(name) for name in pipelines)})"


def _ordered(pipelines: Iterable[PipelineRule]) -> list[PipelineRule]:
	return sorted(
		pipelines, key=lambda pipeline: (not pipeline.is_default, pipeline.sort_order, pipeline.name)
	)
