"""What an edit of a pipeline means for the deals that stand in its stages."""

from __future__ import annotations

from dataclasses import dataclass

from auto_dealer.pipelines.rules.stage_names import fold_name
from auto_dealer.pipelines.rules.stages import LOST, OPEN, WON, PipelineRule, StageRule


@dataclass(frozen=True)
class StageChanges:
	"""`renamed`: (old name, new name). `vacated`: old stages that can hold no deals any more. `retuned`: new stages
	whose probability or deadline is another. `touched`: the names, as deals bear them now, of all stages whose
	deals are to be rewritten."""

	renamed: tuple[tuple[str, str], ...] = ()
	vacated: tuple[StageRule, ...] = ()
	retuned: tuple[StageRule, ...] = ()
	touched: tuple[str, ...] = ()


def match_stages(old: PipelineRule, new: PipelineRule) -> dict[str, StageRule]:
	"""Old stage name → the new stage that goes on for it.

	The same row is the same stage, whatever it is called now; else the same name (a list sent whole over REST
	bears no row names). What finds no partner is missing.
	"""
	by_row = {stage.row: stage for stage in new.stages if stage.row}
	pairs = {stage.name: by_row[stage.row] for stage in old.stages if stage.row in by_row}
	taken = {stage.name for stage in pairs.values()}
	by_name = {fold_name(stage.name): stage for stage in new.stages if stage.name not in taken}
	for stage in old.stages:
		if stage.name not in pairs and (partner := by_name.pop(fold_name(stage.name), None)):
			pairs[stage.name] = partner
	return pairs


def compare(old: PipelineRule, new: PipelineRule) -> StageChanges:
	"""The difference between a pipeline as saved before and as it is to be saved.

	Vacated are removed stages, those switched off, and those of another kind: a deal that stood open cannot
	become won because a row was edited.
	"""
	pairs = match_stages(old, new)
	renamed, vacated, retuned, touched = [], [], [], []
	for stage in old.stages:
		partner = pairs.get(stage.name)
		is_vacated = (
			not partner or partner.kind != stage.kind or (stage.is_enabled and not partner.is_enabled)
		)
		is_renamed = not is_vacated and partner.name != stage.name
		is_retuned = not is_vacated and _tuning(partner) != _tuning(stage)
		if is_vacated:
			vacated.append(stage)
		if is_renamed:
			renamed.append((stage.name, partner.name))
		if is_retuned:
			retuned.append(partner)
		if is_vacated or is_renamed or is_retuned:
			touched.append(stage.name)
	return StageChanges(tuple(renamed), tuple(vacated), tuple(retuned), tuple(touched))


def former_names(old: PipelineRule, new: PipelineRule) -> dict[str, tuple[str, ...]]:
	"""New stage name → the names it had before, the newest first, at most ten; names in use are nobody's former."""
	present = {stage.name for stage in new.stages}
	result = {}
	for old_name, stage in match_stages(old, new).items():
		before = old.find(old_name)
		names = dict.fromkeys((old_name, *before.former_names))
		result[stage.name] = tuple(name for name in names if name not in present)[:10]
	return result


def structure_problems(pipeline: PipelineRule) -> list[dict[str, str]]:
	"""What makes a list of stages no pipeline: kinds empty, duplicate (name), no_open, no_won, no_lost.

	Only switched-on stages count for the last three.
	"""
	problems, seen = [], set()
	for stage in pipeline.stages:
		if not stage.name:
			problems.append({"kind": "empty"})
		elif (folded := fold_name(stage.name)) in seen:
			problems.append({"kind": "duplicate", "name": stage.name})
		else:
			seen.add(folded)
	kinds = {stage.kind for stage in pipeline.enabled}
	missing = ((OPEN, "no_open"), (WON, "no_won"), (LOST, "no_lost"))
	return problems + [{"kind": problem} for kind, problem in missing if kind not in kinds]


def _tuning(stage: StageRule) -> tuple[float, float]:
	return (stage.probability, stage.deadline_hours)
