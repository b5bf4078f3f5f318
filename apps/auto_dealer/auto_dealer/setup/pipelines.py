"""The pipelines and lost reasons that a dealer starts with. Each is given once: what an admin renames, edits or
deletes stays so at every migrate."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import frappe

from auto_dealer.pipelines.compile_pipeline import compile_pipelines
from auto_dealer.setup.seeded_once import seed_once

SEED_DATA = Path(__file__).parent / "seed_data"


def add_pipelines() -> None:
	"""Seeds what was never seeded here; then Frappe's Workflow, options and boards are compiled, if they differ."""
	for pipeline in read_seed("pipelines"):
		seed_once(f"pipeline {pipeline['pipeline_name']}", partial(_add_pipeline, pipeline))
	seed_once("lost reasons", _add_lost_reasons)
	compile_pipelines()


def read_seed(name: str) -> list[dict]:
	return json.loads((SEED_DATA / f"{name}.json").read_text(encoding="utf-8"))


def _add_pipeline(pipeline: dict) -> None:
	if frappe.db.exists("Deal Pipeline", pipeline["pipeline_name"]):
		return
	doc = frappe.get_doc({"doctype": "Deal Pipeline", **pipeline})
	doc.flags.defer_compile = True
	doc.insert()


def _add_lost_reasons() -> None:
	for reason in read_seed("lost_reasons"):
		if not frappe.db.exists("Lost Reason", reason["reason_name"]):
			frappe.get_doc({"doctype": "Lost Reason", **reason}).insert()
