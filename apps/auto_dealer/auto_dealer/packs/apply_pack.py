"""A pack is looked at and applied.

Two admins at once: the compiler's lock lets one through, and the other's differences are out of date (PackIsStale).
The lock comes first in the transaction, so that what is read after it is what the other has left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, now_datetime

from auto_dealer.packs import pack_log
from auto_dealer.packs.check_pack import BadPack, find_obstacles, fit_to_site, read_pack
from auto_dealer.packs.describe_changes import describe, summarise
from auto_dealer.packs.export_pack import State, read_shared, read_state
from auto_dealer.packs.pack_fields import get_schema
from auto_dealer.packs.rules.pack_diff import Change, compare, match_stages
from auto_dealer.packs.write_pack import raise_stale, write_pipeline, write_robots, write_shared
from auto_dealer.pipelines.compile_pipeline import lock_compiler
from auto_dealer.pipelines.rules.stage_names import clean_name


@dataclass
class Look:
	"""A pack beside the pipeline that it is for."""

	name: str
	pack: dict[str, Any]
	state: State
	shared: dict[str, dict[str, Any]]
	notes: list[str]
	obstacles: list[str]
	changes: list[Change]


def look(content: str, pipeline: str | None = None) -> Look:
	"""Reads and compares; changes nothing. `pipeline`: another name than the pack's. Throws BadPack."""
	pack, schema = read_pack(content), get_schema()
	name = clean_name(pipeline) or pack["pipeline"]["pipeline_name"]
	pack["pipeline"]["pipeline_name"] = name
	state = read_state(name, schema)
	shared = read_shared(pack, schema)
	notes = fit_to_site(pack)
	return Look(
		name,
		pack,
		state,
		shared,
		notes,
		find_obstacles(pack, schema),
		compare(with_shared(state, shared), pack),
	)


def with_shared(state: State, shared: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
	"""What the pack is compared with: templates count as there when the site has them, whoever uses them."""
	if not state.pack:
		return None
	return {**state.pack, **{part: list(rows.values()) for part, rows in shared.items()}}


def preview(content: str, pipeline: str | None = None) -> dict[str, Any]:
	"""What the desk shows before a pack is applied."""
	seen = look(content, pipeline)
	return {
		"title": seen.pack["title"],
		"pipeline": seen.name,
		"is_new": seen.state.pack is None,
		"token": seen.state.token,
		"obstacles": seen.obstacles,
		"notes": seen.notes,
		"changes": describe(seen.changes),
		"summary": summarise(seen.changes),
		"held": find_held(seen.state, seen.pack),
	}


def find_held(state: State, pack: dict[str, Any]) -> list[dict[str, Any]]:
	"""Stages that go while deals stand in them: [{stage, count, choices}], the likeliest choice first."""
	if not state.pack:
		return []
	pairs = match_stages(state.pack["stages"], pack["stages"])
	new = {stage["stage_name"]: stage for stage in pack["stages"]}
	pipeline = state.pack["pipeline"]["pipeline_name"]
	rows = frappe.get_all(
		"Auto Deal", {"pipeline": pipeline}, ["stage", "count(*) as deals"], group_by="stage"
	)
	counts = {row.stage: row.deals for row in rows}
	held = []
	for number, stage in enumerate(state.pack["stages"]):
		partner = new.get(pairs.get(stage["stage_name"], ""))
		stays = (
			partner
			and partner["kind"] == stage["kind"]
			and (partner["is_enabled"] or not stage["is_enabled"])
		)
		if not stays and counts.get(stage["stage_name"]):
			held.append(
				{
					"stage": stage["stage_name"],
					"count": counts[stage["stage_name"]],
					"choices": _choices(stage, number, state, pack, pairs),
				}
			)
	return held


def _choices(stage, number: int, state: State, pack: dict[str, Any], pairs: dict[str, str]) -> list[str]:
	"""Stages of the same kind; first the one that follows on the nearest stage before that stays."""
	names = [s["stage_name"] for s in pack["stages"] if s["is_enabled"] and s["kind"] == stage["kind"]]
	before = [pairs.get(s["stage_name"]) for s in state.pack["stages"][:number]]
	nearest = next((name for name in reversed(before) if name in names), None)
	return sorted(names, key=lambda name: name != nearest)


def apply_pack(
	content: str,
	token: str,
	pipeline: str | None = None,
	targets: dict[str, str] | None = None,
	source: str = "File",
) -> str:
	"""Applies the pack to what `token` stands for; gives the name of the log row.

	`targets`: stage that goes → stage where its deals go on. Throws BadPack, PackIsStale, StageHoldsDeals; then
	nothing is changed.
	"""
	begin()
	seen = look(content, pipeline)
	if seen.state.token != token:
		raise_stale()
	if seen.obstacles:
		frappe.throw("<br>".join(seen.obstacles), BadPack, title=_("The pack cannot be applied here"))
	if not seen.changes:
		frappe.throw(_("{0} is as the pack says already.").format(escape_html(_(seen.name))), BadPack)
	doc = write_pipeline(seen.pack, seen.state, seen.name, targets)
	write_shared(seen.pack, seen.shared)
	write_robots(seen.pack, seen.state, doc.name)
	return pack_log.write(
		title=seen.pack["title"],
		pipeline=doc.name,
		source=source,
		applied_at=now_datetime(),
		summary=summarise(seen.changes),
		content=content,
		before={**seen.state.as_dict(), "shared": seen.shared},
		after=read_state(doc.name, get_schema()).as_dict(),
		moved=doc.flags.carried or [],
	)


def begin() -> None:
	"""The lock is the first thing that the transaction asks the database for."""
	if not frappe.db.transaction_writes:
		frappe.db.rollback()
	lock_compiler()
