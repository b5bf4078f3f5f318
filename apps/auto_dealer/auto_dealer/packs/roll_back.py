"""A pack is taken back: the pipeline becomes what it was before, and the deals that the pack moved return."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

from auto_dealer.packs import pack_log
from auto_dealer.packs.apply_pack import begin, find_held, with_shared
from auto_dealer.packs.describe_changes import describe, summarise
from auto_dealer.packs.export_pack import SHARED, State, read_state
from auto_dealer.packs.pack_fields import get_schema
from auto_dealer.packs.return_deals import return_deals
from auto_dealer.packs.rules.pack_diff import compare
from auto_dealer.packs.rules.pack_format import normalise
from auto_dealer.packs.write_pack import restore_shared, write_pipeline, write_robots


class LaterEdits(frappe.ValidationError):
	"""The pipeline was edited after the pack; `frappe.response["later_edits"]` lists what would be lost."""


class NotApplied(frappe.ValidationError):
	"""The pack is rolled back already, or its pipeline is gone."""


def describe_applied(pack) -> dict[str, Any]:
	"""What the pack has changed: {summary, changes}."""
	before, after, shared = _states(pack)
	changes = compare(with_shared(before, shared), _only_brought(pack, after.pack))
	return {"summary": summarise(changes), "changes": describe(changes)}


def preview_roll_back(pack) -> dict[str, Any]:
	"""What a roll-back would change, which later edits it would lose, and which deals need a stage."""
	before, after, _shared = _states(pack)
	current = read_state(pack.pipeline, get_schema())
	_check_applied(pack, current)
	changes = compare(current.pack, before.pack) if before.pack else []
	return {
		"pipeline": pack.pipeline,
		"deletes_pipeline": before.pack is None,
		"changes": describe(changes),
		"summary": summarise(changes),
		"later_edits": describe(_later_edits(after, current)),
		"held": find_held(current, before.pack) if before.pack else [],
	}


def roll_back(pack_name: str, targets: dict[str, str] | None = None, lose_later_edits: bool = False) -> None:
	"""Restores exactly what was before the pack. Throws NotApplied, LaterEdits (unless told to lose them),
	StageHoldsDeals, and PipelineHoldsDeals when the pack made the pipeline and deals have come into it."""
	begin()
	pack = frappe.get_doc("Pipeline Pack", pack_name, for_update=True)
	before, after, shared = _states(pack)
	current = read_state(pack.pipeline, get_schema())
	_check_applied(pack, current)
	if not lose_later_edits and (later := _later_edits(after, current)):
		_refuse_to_lose(pack, later)
	if before.pack is None:
		_delete(pack.pipeline, current)
	else:
		_write_back(pack, before, current, targets)
	restore_shared(_only_brought(pack, after.pack), shared)
	pack_log.mark_rolled_back(pack)


def _states(pack) -> tuple[State, State, dict[str, dict[str, Any]]]:
	before, after = json.loads(pack.state_before), json.loads(pack.state_after)
	shared = before.pop("shared")
	states = State(**before), State(**after)
	schema = get_schema()
	for state in states:
		if state.pack:
			# A field that the app has got since then had its default.
			state.pack = normalise(state.pack, schema)
	return *states, shared


def _only_brought(pack, state: dict[str, Any]) -> dict[str, Any]:
	"""The state with those templates and scripts only that the file itself held: others were the site's before."""
	file = json.loads(pack.content)
	held = {part: {row["name"] for row in file.get(part) or ()} for part in SHARED}
	return {**state, **{part: [row for row in state[part] if row["name"] in held[part]] for part in SHARED}}


def _check_applied(pack, current: State) -> None:
	if pack.status != "Applied":
		frappe.throw(_("This pack is rolled back already."), NotApplied)
	if current.pack is None:
		frappe.throw(_("There is no pipeline {0}").format(escape_html(pack.pipeline)), NotApplied)


def _later_edits(after: State, current: State) -> list:
	return compare(after.pack, current.pack) if after.token != current.token else []


def _refuse_to_lose(pack, later: list) -> None:
	frappe.response["later_edits"] = describe(later)
	others = frappe.get_all(
		"Pipeline Pack",
		{"pipeline": pack.pipeline, "status": "Applied", "applied_at": (">", pack.applied_at)},
		pluck="title",
		order_by="applied_at desc",
	)
	message = _("The pipeline was edited after this pack; a roll-back would lose that: {0}").format(
		escape_html(summarise(later))
	)
	if others:
		message += "<br>" + _("Roll these packs back first: {0}").format(
			escape_html(", ".join(_(title) for title in others))
		)
	frappe.throw(message, LaterEdits, title=_("Later edits would be lost"))


def _delete(pipeline: str, current: State) -> None:
	"""The pack made the pipeline: it goes with its robots, if no deal has ever been in it."""
	for robot in current.robots.values():
		frappe.delete_doc("Stage Robot", robot)
	frappe.delete_doc("Deal Pipeline", pipeline)


def _write_back(pack, before: State, current: State, targets: dict[str, str] | None) -> None:
	write_pipeline(before.pack, current, pack.pipeline, targets, rows=before.rows)
	write_robots(before.pack, current, pack.pipeline, names=before.robots)
	return_deals(pack.pipeline, json.loads(pack.moved_deals or "[]"))
