"""Enquiry types and a few advertising channels of a fresh site, given once; an admin's changes stay."""

import json
from pathlib import Path

import frappe

from auto_dealer.setup.seeded_once import seed_once


def add_enquiry_masters() -> None:
	"""After the pipelines: a channel names the pipeline of what comes in through it."""
	seed_once("enquiry types", lambda: _add("Enquiry Type", read_seed("enquiry_types.json")))
	if frappe.db.count("Deal Pipeline"):
		seed_once("ad channels", lambda: _add("Ad Channel", read_seed("ad_channels.json")))


def _add(doctype: str, rows: list[dict]) -> None:
	for row in rows:
		if row.get("pipeline") and not frappe.db.exists("Deal Pipeline", row["pipeline"]):
			row["pipeline"] = frappe.db.get_value("Deal Pipeline", {"is_default": 1}, "name")
		frappe.get_doc({"doctype": doctype, **row}).insert(ignore_if_duplicate=True)


def read_seed(file: str) -> list[dict]:
	return json.loads((Path(__file__).parent / "seed_data" / file).read_text(encoding="utf-8"))
