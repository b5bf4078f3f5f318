"""The pipelines and lost reasons that a dealer starts with. Each is given once: what an admin renames, edits or
deletes stays so at every migrate. The pipelines are packs, the same files that an admin exports and applies."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import frappe

from auto_dealer.packs.check_pack import read_pack
from auto_dealer.packs.export_pack import State
from auto_dealer.packs.shipped import list_shipped
from auto_dealer.packs.write_pack import write_pipeline
from auto_dealer.pipelines.compile_pipeline import compile_pipelines
from auto_dealer.setup.seeded_once import seed_once

SEED_DATA = Path(__file__).parent / "seed_data"
DEFAULT = "New Cars"


def add_pipelines() -> None:
	"""Seeds what was never seeded here; then Frappe's Workflow, options and boards are compiled, if they differ."""
	for name, text in list_shipped().items():
		seed_once(f"pipeline {name}", partial(_add_pipeline, name, text))
	seed_once("lost reasons", _add_lost_reasons)
	compile_pipelines()


def read_seed(name: str) -> list[dict]:
	return json.loads((SEED_DATA / f"{name}.json").read_text(encoding="utf-8"))


def _add_pipeline(name: str, text: str) -> None:
	if frappe.db.exists("Deal Pipeline", name):
		return
	is_default = name == DEFAULT and not frappe.db.exists("Deal Pipeline", {"is_default": 1})
	write_pipeline(read_pack(text), State(), name, defer_compile=True, is_default=int(is_default))


def _add_lost_reasons() -> None:
	for reason in read_seed("lost_reasons"):
		if not frappe.db.exists("Lost Reason", reason["reason_name"]):
			frappe.get_doc({"doctype": "Lost Reason", **reason}).insert()
