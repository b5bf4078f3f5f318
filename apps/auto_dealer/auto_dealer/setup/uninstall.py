"""Takes away what the app added outside its own DocTypes: what install made, by the same constants."""

from __future__ import annotations

import frappe

from auto_dealer.setup.custom_fields import delete_custom_fields
from auto_dealer.setup.roles import delete_roles
from auto_dealer.setup.seeded_once import forget_seeds
from auto_dealer.setup.sequences import delete_sequences

MODULE = "Auto Dealer"
# DocTypes whose records name one of our DocTypes in this field and mean nothing without it.
TIED_RECORDS = {
	"Workflow": "document_type",
	"Kanban Board": "reference_doctype",
	"Property Setter": "doc_type",
	"Custom DocPerm": "parent",
	"DocShare": "share_doctype",
	"ToDo": "reference_type",
	"Tag Link": "document_type",
	"Assignment Rule": "document_type",
	"Notification Log": "document_type",
	"Document Follow": "ref_doctype",
	"Portal Menu Item": "reference_doctype",
}


def before_uninstall() -> None:
	"""Custom fields, property setters, workflow, boards, jobs, roles and sequences; the DocTypes go with the module."""
	doctypes = frappe.get_all("DocType", {"module": MODULE}, pluck="name")
	states, actions = get_workflow_masters(doctypes)
	for doctype, field in TIED_RECORDS.items():
		delete_records(doctype, field, doctypes)
	delete_unused_masters("Workflow State", "state", states)
	delete_unused_masters("Workflow Action Master", "action", actions)
	delete_scheduled_jobs()
	delete_custom_fields()
	delete_roles()
	delete_sequences()
	forget_seeds()


def get_workflow_masters(doctypes: list[str]) -> tuple[set[str], set[str]]:
	"""States and actions that our workflows use."""
	workflows = frappe.get_all("Workflow", {"document_type": ("in", doctypes)}, pluck="name")
	states = frappe.get_all("Workflow Document State", {"parent": ("in", workflows)}, pluck="state")
	actions = frappe.get_all("Workflow Transition", {"parent": ("in", workflows)}, pluck="action")
	return set(states), set(actions)


def delete_records(doctype: str, field: str, doctypes: list[str]) -> None:
	"""All records of `doctype` that are tied to one of our DocTypes."""
	for name in frappe.get_all(doctype, {field: ("in", doctypes)}, pluck="name"):
		frappe.delete_doc(doctype, name, force=1, ignore_missing=True)


def delete_unused_masters(doctype: str, column: str, names: set[str]) -> None:
	"""Those that no other app's workflow uses and that Frappe or ERPNext did not ship."""
	table = "Workflow Document State" if column == "state" else "Workflow Transition"
	used = set(frappe.get_all(table, pluck=column)) | {
		"Approved",
		"Rejected",
		"Pending",
		"Approve",
		"Reject",
		"Review",
	}
	for name in sorted(names - used):
		frappe.delete_doc(doctype, name, force=1, ignore_missing=True)


def delete_scheduled_jobs() -> None:
	"""Job types and their logs of the app's own functions."""
	for name in frappe.get_all("Scheduled Job Type", {"method": ("like", "auto_dealer.%")}, pluck="name"):
		frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": name})
		frappe.delete_doc("Scheduled Job Type", name, force=1)
