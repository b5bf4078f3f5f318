"""A new document, filled from the one that the robot looks at."""

from __future__ import annotations

import json

import frappe

from auto_dealer.robots.effects.set_field import value_of

# What decides about rights or code is not made by robots.
CLOSED_MODULES = {"Core", "Custom", "Integrations", "Website", "Workflow", "Automation", "Email", "Printing"}


def run(robot, doc, params: dict, run) -> list[str]:
	new = frappe.new_doc(params["target_doctype"])
	for field, value in read_values(params.get("field_values")).items():
		new.set(field, value_of(value, doc) if isinstance(value, str) else value)
	new.insert()
	return [f"{new.doctype} {new.name}"]


def read_values(text: str | None) -> dict:
	"""A JSON object of field names and values; ValueError for anything else."""
	values = json.loads(text or "{}")
	if not isinstance(values, dict):
		raise ValueError("not a JSON object")
	return values


def is_closed(doctype: str) -> bool:
	meta = frappe.get_meta(doctype)
	return bool(meta.istable or meta.issingle or meta.module in CLOSED_MODULES or doctype == "Stage Robot")
