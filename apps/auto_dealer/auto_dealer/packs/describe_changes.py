"""Differences as people read them: sections of stages, robots…, each with its lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _

from auto_dealer.packs.pack_fields import DOCTYPES, label_of
from auto_dealer.packs.rules.pack_diff import ADDED, CHANGED, MOVED, REMOVED, RENAMED, Change, count
from auto_dealer.packs.rules.pack_format import LISTS


def describe(changes: Iterable[Change]) -> list[dict[str, Any]]:
	"""[{part, label, items: [{kind, title, lines: [{label, before, after}]}]}], plain text, for the desk."""
	labels = part_labels()
	sections: dict[str, dict[str, Any]] = {}
	for change in changes:
		section = sections.setdefault(
			change.part, {"part": change.part, "label": labels[change.part], "items": {}}
		)
		item = section["items"].setdefault(
			(change.title, change.kind in (ADDED, REMOVED)),
			{"kind": change.kind, "title": _(change.title), "lines": []},
		)
		if change.kind not in (ADDED, REMOVED):
			item["kind"] = CHANGED
			item["lines"].append(_line(change))
	return [
		{**sections[part], "items": list(sections[part]["items"].values())}
		for part in ("pipeline", *LISTS)
		if part in sections
	]


def part_labels() -> dict[str, str]:
	return {
		"pipeline": _("Pipeline"),
		"stages": _("Stages"),
		"robots": _("Robots"),
		"email_templates": _("Email Templates"),
		"server_scripts": _("Server Scripts"),
	}


def _line(change: Change) -> dict[str, str]:
	if change.kind == MOVED:
		return {"label": _("Another place in the order"), "before": "", "after": ""}
	if change.kind == RENAMED:
		return {"label": _("Name"), "before": _(change.before), "after": _(change.after)}
	return {
		"label": label_of(change.part, change.field),
		"before": _shown(change, change.before),
		"after": _shown(change, change.after),
	}


def _shown(change: Change, value: Any) -> str:
	df = frappe.get_meta(DOCTYPES[change.part]).get_field(change.field)
	if df and df.fieldtype == "Check":
		return _("Yes") if value else _("No")
	if value in (None, "", 0, 0.0):
		return "—"
	if isinstance(value, float):
		return f"{value:g}"
	# Shipped texts are shown as the user reads them elsewhere.
	return _(str(value))


def summarise(changes: list[Change]) -> str:
	"""Stages: 1 added, 2 changed. Robots: 3 removed."""
	if not changes:
		return _("No differences")
	numbers, labels = count(changes), part_labels()
	words = {
		ADDED: _("added", context="Pipeline Pack"),
		CHANGED: _("changed", context="Pipeline Pack"),
		REMOVED: _("removed", context="Pipeline Pack"),
	}
	sentences = []
	for part in ("pipeline", *LISTS):
		counts = [f"{numbers[part, kind]} {word}" for kind, word in words.items() if (part, kind) in numbers]
		if counts:
			sentences.append(f"{labels[part]}: {', '.join(counts)}.")
	return " ".join(sentences)
