"""The kinds of contract that a dealer starts with; given once, an admin's edits survive every migrate."""

from __future__ import annotations

import frappe

from auto_dealer.setup.pipelines import read_seed
from auto_dealer.setup.seeded_once import seed_once


def add_contract_kinds() -> None:
	seed_once("contract kinds", _add_kinds)


def _add_kinds() -> None:
	for kind in read_seed("contract_kinds"):
		if not frappe.db.exists("Contract Kind", kind["kind_name"]):
			frappe.get_doc({"doctype": "Contract Kind", **kind}).insert()
