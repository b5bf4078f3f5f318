"""What a pack changes: stages that go on for each other, and the list of differences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auto_dealer.packs.rules.pack_format import KEYS
from auto_dealer.pipelines.rules.stage_names import fold_name, split_lines

ADDED, REMOVED, CHANGED, RENAMED, MOVED = "added", "removed", "changed", "renamed", "moved"
# Not differences for people: what a stage was called once, and what identifies a robot.
SILENT = {"former_names", "key"}
# They are the site's, used by other things too: a pack adds and changes them, it never takes them away.
SHARED = ("email_templates", "server_scripts")


@dataclass(frozen=True)
class Change:
	"""One difference. `title`: of the stage, robot, template or script as the pack calls it."""

	part: str
	kind: str
	title: str
	field: str = ""
	before: Any = None
	after: Any = None


def match_stages(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> dict[str, str]:
	"""Old stage name → the name of the stage that goes on for it.

	The same name is the same stage. Else a stage that bore this name before: a pack may call a stage anew, and an
	admin may have called a shipped one otherwise.
	"""
	pairs: dict[str, str] = {}
	free = {fold_name(stage["stage_name"]): stage for stage in new}
	for stage in old:
		if partner := free.pop(fold_name(stage["stage_name"]), None):
			pairs[stage["stage_name"]] = partner["stage_name"]
	for stage in old:
		if stage["stage_name"] in pairs:
			continue
		if partner := next((s for s in free.values() if _was_called(stage, s)), None):
			pairs[stage["stage_name"]] = partner["stage_name"]
			free.pop(fold_name(partner["stage_name"]))
	return pairs


def _was_called(old: dict[str, Any], new: dict[str, Any]) -> bool:
	return old["stage_name"] in split_lines(new.get("former_names")) or new["stage_name"] in split_lines(
		old.get("former_names")
	)


def compare(old: dict[str, Any] | None, new: dict[str, Any]) -> list[Change]:
	"""The differences between two normalised packs, `old` None for a pipeline that does not exist yet."""
	if old is None:
		old = {"pipeline": {}, "stages": [], "robots": [], "email_templates": [], "server_scripts": []}
		changes = [Change("pipeline", ADDED, new["pipeline"]["pipeline_name"])]
	else:
		changes = list(
			_fields("pipeline", new["pipeline"]["pipeline_name"], old["pipeline"], new["pipeline"])
		)
	changes += _compare_stages(old["stages"], new["stages"])
	for part in ("robots", *SHARED):
		changes += _compare_rows(part, old[part], new[part])
	return changes


def _compare_stages(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[Change]:
	pairs = match_stages(old, new)
	before_of = {pairs[stage["stage_name"]]: stage for stage in old if stage["stage_name"] in pairs}
	in_order = [new_name for stage in old if (new_name := pairs.get(stage["stage_name"]))]
	moved = set(in_order) - _in_order(
		[s["stage_name"] for s in new if s["stage_name"] in before_of], in_order
	)
	for stage in new:
		name, before = stage["stage_name"], before_of.get(stage["stage_name"])
		if before is None:
			yield Change("stages", ADDED, name)
			continue
		if before["stage_name"] != name:
			yield Change("stages", RENAMED, name, "stage_name", before["stage_name"], name)
		if name in moved:
			yield Change("stages", MOVED, name)
		yield from _fields("stages", name, before, stage, skip={"stage_name"})
	for stage in old:
		if stage["stage_name"] not in pairs:
			yield Change("stages", REMOVED, stage["stage_name"])


def _in_order(wanted: list[str], present: list[str]) -> set[str]:
	"""The most stages that stay in their order: the longest run of `present` that rises in `wanted`."""
	place = {name: number for number, name in enumerate(wanted)}
	best: list[list[str]] = []
	for name in present:
		before = max((run for run in best if place[run[-1]] < place[name]), key=len, default=[])
		best.append([*before, name])
	return set(max(best, key=len, default=[]))


def _compare_rows(part: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[Change]:
	key = KEYS[part]
	before_of = {row[key]: row for row in old}
	for row in new:
		title = row.get("title") or row[key]
		if row[key] in before_of:
			yield from _fields(part, title, before_of[row[key]], row)
		else:
			yield Change(part, ADDED, title)
	if part not in SHARED:
		kept = {row[key] for row in new}
		for row in old:
			if row[key] not in kept:
				yield Change(part, REMOVED, row.get("title") or row[key])


def _fields(
	part: str,
	title: str,
	old: dict[str, Any],
	new: dict[str, Any],
	skip: set[str] | frozenset[str] = frozenset(),
) -> Iterator[Change]:
	for name, value in new.items():
		if name not in SILENT and name not in skip and old.get(name) != value:
			yield Change(part, CHANGED, title, name, old.get(name), value)


def count(changes: list[Change]) -> dict[tuple[str, str], int]:
	"""(part, kind) → how many stages, robots… are added, removed or changed; renamed and moved count as changed."""
	seen: dict[tuple[str, str], set[str]] = {}
	for change in changes:
		kind = change.kind if change.kind in (ADDED, REMOVED) else CHANGED
		seen.setdefault((change.part, kind), set()).add(change.title)
	return {key: len(titles) for key, titles in seen.items()}
