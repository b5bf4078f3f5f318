"""Banks, credit products and the workflow of credit applications that a dealer starts with."""

from __future__ import annotations

import json
from functools import partial

import frappe
from frappe.modules.import_file import import_file_by_path

from auto_dealer.setup.pipelines import read_seed
from auto_dealer.setup.seeded_once import seed_once

WORKFLOW = "credit_application"
SETTINGS = {
	"specialist_share": 10,
	"manager_share": 10,
	"debt_burden_limit": 50,
	"retention_days": 180,
	"consent_text": (
		"Я даю согласие на обработку моих персональных данных и на их передачу банкам и страховым компаниям "
		"для рассмотрения заявки на кредит, а также на запрос моей кредитной истории."
	),
}


def add_credit() -> None:
	"""Seeds once; the workflow is imported when it is missing or its file is newer, an admin's edits stay otherwise."""
	seed_once("credit settings", _set_settings)
	seed_once("lending banks", partial(_add, "Lending Bank", "lending_banks"))
	seed_once("credit products", partial(_add, "Credit Product", "credit_products"))
	add_workflow(WORKFLOW)


def add_workflow(name: str) -> None:
	"""From `auto_dealer/workflow/<name>/<name>.json`, with the states and actions that it names."""
	path = frappe.get_app_path("auto_dealer", "auto_dealer", "workflow", name, f"{name}.json")
	with open(path, encoding="utf-8") as file:
		workflow = json.load(file)
	_add_masters("Workflow State", "workflow_state_name", {row["state"] for row in workflow["states"]})
	_add_masters(
		"Workflow Action Master", "workflow_action_name", {row["action"] for row in workflow["transitions"]}
	)
	import_file_by_path(path)


def _add_masters(doctype: str, field: str, names: set[str]) -> None:
	for name in sorted(names - set(frappe.get_all(doctype, pluck="name"))):
		frappe.get_doc({"doctype": doctype, field: name}).insert()


def _set_settings() -> None:
	settings = frappe.get_single("Credit Settings")
	for field, value in SETTINGS.items():
		if not settings.get(field):
			settings.set(field, value)
	settings.save()


def _add(doctype: str, seed: str) -> None:
	for row in read_seed(seed):
		frappe.get_doc({"doctype": doctype, **row}).insert(ignore_if_duplicate=True)
