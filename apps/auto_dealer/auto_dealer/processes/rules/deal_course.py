"""Where a process may send its deal: on, never back."""

from __future__ import annotations

from collections.abc import Sequence


def find_target(stages: Sequence[str], current: str, wanted: str, only_from_before: bool = False) -> str:
	"""The stage to move to, "" to stay. `stages`: the open, switched-on stages of the pipeline in their order.

	With `only_from_before` the deal goes there from the stage right before only: what lies between is not skipped.
	"""
	if wanted not in stages or current not in stages:
		return ""
	here, there = stages.index(current), stages.index(wanted)
	if there <= here or (only_from_before and there != here + 1):
		return ""
	return wanted


def next_stage(stages: Sequence[str], current: str) -> str:
	"""The stage that follows, "" at the end."""
	if current not in stages or stages.index(current) + 1 >= len(stages):
		return ""
	return stages[stages.index(current) + 1]
