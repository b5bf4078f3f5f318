"""Frappe's own records that follow from the pipelines: the Workflow, the options of the stage, a board per pipeline.

They are derived: written only when they differ from what the pipelines say, in the transaction that saves the
pipeline, one compiler at a time. The rule itself is enforced by `guard_stage`; the Workflow says the same to the
desk (menu of actions) and to whoever reads it.
"""

from __future__ import annotations

import json

import frappe
from frappe.model.rename_doc import rename_doc

from auto_dealer.pipelines.load_pipeline import load_all
from auto_dealer.pipelines.rules.stages import LOST, WON, PipelineRule
from auto_dealer.pipelines.rules.workflow_edges import EVERYBODY, Edge, compile_edges, union_of_stages

DOCTYPE = "Auto Deal"
WORKFLOW = "Auto Deal"
OPTIONS = "Auto Deal-stage-options"
STYLES = {WON: "Success", LOST: "Danger"}
BOARD_FIELDS = ["client_name", "vehicle_title", "amount", "responsible"]


def lock_compiler() -> None:
	"""One save of pipelines at a time: the lock is the row of the DocType itself, held until the transaction ends."""
	frappe.db.sql("select name from `tabDocType` where name = 'Deal Pipeline' for update")


def compile_pipelines() -> None:
	"""Brings Workflow, options and boards in line with the pipelines as they are now."""
	lock_compiler()
	pipelines = load_all()
	if not pipelines:
		return
	_sync_options(union_of_stages(pipelines))
	_sync_workflow(pipelines)
	for pipeline in pipelines:
		_sync_board(pipeline)


def remove_compiled() -> None:
	"""For the uninstall: what was compiled goes; states and actions may be used by others and stay."""
	for doctype, name in (("Workflow", WORKFLOW), ("Property Setter", OPTIONS)):
		frappe.delete_doc(doctype, name, force=True, ignore_missing=True)
	for board in frappe.get_all("Kanban Board", {"reference_doctype": DOCTYPE}, pluck="name"):
		frappe.delete_doc("Kanban Board", board, force=True)


# -- options of the stage --------------------------------------------------------------------------


def _sync_options(stages: list[str]) -> None:
	"""The first option is empty: Frappe takes the first one as the default of a new document."""
	value = "\n".join(["", *stages])
	current = frappe.db.get_value("Property Setter", OPTIONS, "value", for_update=True)
	if current == value:
		return
	if current is None:
		setter = frappe.new_doc("Property Setter")
		setter.update({"doctype_or_field": "DocField", "doc_type": DOCTYPE, "field_name": "stage"})
		setter.update({"property": "options", "property_type": "Text", "is_system_generated": 1})
	else:
		setter = frappe.get_doc("Property Setter", OPTIONS, for_update=True)
	setter.value = value
	# Who may edit a pipeline need not be allowed to customise DocTypes.
	setter.flags.ignore_permissions = True
	setter.save()


# -- Workflow --------------------------------------------------------------------------------------


def _sync_workflow(pipelines: list[PipelineRule]) -> None:
	states, edges = union_of_stages(pipelines), compile_edges(pipelines)
	kinds = {stage.name: stage.kind for pipeline in pipelines for stage in pipeline.enabled}
	_add_masters(states, kinds)
	_get_workflow(states[0])
	changed = _write_states(states) | _write_edges(edges)
	if changed:
		frappe.db.set_value("Workflow", WORKFLOW, {"is_active": 1, "workflow_data": None})
		frappe.clear_document_cache("Workflow", WORKFLOW)
		frappe.clear_cache(doctype=DOCTYPE)


def _add_masters(states: list[str], kinds: dict[str, str]) -> None:
	for state in states:
		if not frappe.db.exists("Workflow State", state):
			row = {
				"doctype": "Workflow State",
				"workflow_state_name": state,
				"style": STYLES.get(kinds[state], ""),
			}
			# Compiled on behalf of whoever may edit the pipeline.
			frappe.get_doc(row).insert(ignore_permissions=True, ignore_if_duplicate=True)
		if not frappe.db.exists("Workflow Action Master", state):
			row = {"doctype": "Workflow Action Master", "workflow_action_name": state}
			# Compiled on behalf of whoever may edit the pipeline.
			frappe.get_doc(row).insert(ignore_permissions=True, ignore_if_duplicate=True)


def _get_workflow(first_state: str) -> None:
	"""Makes the Workflow when it is missing; its rows are written by `_write_states` and `_write_edges`."""
	if frappe.db.get_value("Workflow", WORKFLOW, "name", for_update=True):
		return
	workflow = frappe.get_doc(
		{
			"doctype": "Workflow",
			"workflow_name": WORKFLOW,
			"document_type": DOCTYPE,
			"workflow_state_field": "stage",
			"is_active": 1,
			"send_email_alert": 0,
			"override_status": 1,
			"states": [
				{"state": first_state, "doc_status": "0", "allow_edit": EVERYBODY, "is_optional_state": 1}
			],
			"transitions": [],
		}
	)
	workflow.flags.ignore_mandatory = True
	# Compiled on behalf of whoever may edit the pipeline.
	workflow.insert(ignore_permissions=True)


def _write_states(states: list[str]) -> bool:
	"""All states are optional: otherwise Frappe writes Workflow Action rows and parallel saves deadlock."""
	wanted = [(state, "0", EVERYBODY, 1) for state in states]
	return _write_rows(
		"Workflow Document State",
		"states",
		("state", "doc_status", "allow_edit", "is_optional_state"),
		wanted,
	)


def _write_edges(edges: list[Edge]) -> bool:
	"""The action is called like the stage it leads to, so one translation serves both."""
	wanted = [(edge.state, edge.next_state, edge.next_state, edge.role, edge.condition, 1) for edge in edges]
	fields = ("state", "action", "next_state", "allowed", "condition", "allow_self_approval")
	return _write_rows("Workflow Transition", "transitions", fields, wanted)


def _write_rows(doctype: str, parentfield: str, fields: tuple[str, ...], wanted: list[tuple]) -> bool:
	"""Rewrites the child rows when they differ. Hundreds of rows: `save` would take a second under the lock."""
	own = {"parent": WORKFLOW, "parenttype": "Workflow", "parentfield": parentfield}
	current = frappe.db.get_values(doctype, own, fields, order_by="idx asc", for_update=True)
	if [tuple(row) for row in current] == wanted:
		return False
	frappe.db.delete(doctype, own)
	now, user = frappe.utils.now(), frappe.session.user
	columns = ("name", "creation", "modified", "owner", "modified_by", "docstatus", "idx", *own, *fields)
	rows = [
		(frappe.generate_hash(length=10), now, now, user, user, 0, number, *own.values(), *row)
		for number, row in enumerate(wanted, 1)
	]
	frappe.db.bulk_insert(doctype, columns, rows)
	return True


# -- boards ----------------------------------------------------------------------------------------


def _sync_board(pipeline: PipelineRule) -> None:
	"""The standard Kanban of a pipeline: its switched-on stages in order. What else an admin set on it stays."""
	name = frappe.db.get_value("Deal Pipeline", pipeline.name, "kanban_board")
	if name and frappe.db.get_value("Kanban Board", name, "name", for_update=True):
		board = frappe.get_doc("Kanban Board", name, for_update=True)
	else:
		board = _make_board(pipeline)
	columns = [(stage.name, stage.color) for stage in pipeline.enabled]
	filters = _board_filters(pipeline.name)
	current = [(column.column_name, column.indicator) for column in board.columns]
	if current == columns and _filters_of(board)[:1] == filters[:1]:
		return
	statuses = {column.column_name: column.status for column in board.columns}
	# "[]": with no order at all the desk fails at the next drag.
	rows = [
		{"column_name": c, "indicator": i, "order": "[]", "status": statuses.get(c, "Active")}
		for c, i in columns
	]
	board.set("columns", rows)
	board.filters = json.dumps(filters, ensure_ascii=False)
	# Compiled on behalf of whoever may edit the pipeline.
	board.save(ignore_permissions=True)


def _make_board(pipeline: PipelineRule):
	name = (
		pipeline.name
		if not frappe.db.exists("Kanban Board", pipeline.name)
		else f"{pipeline.name} ({DOCTYPE})"
	)
	if frappe.db.exists("Kanban Board", name):
		name = f"{name} {frappe.generate_hash(length=4)}"
	board = frappe.new_doc("Kanban Board")
	board.update(
		{"kanban_board_name": name, "reference_doctype": DOCTYPE, "field_name": "stage", "private": 0}
	)
	board.update({"fields": json.dumps(BOARD_FIELDS), "filters": json.dumps(_board_filters(pipeline.name))})
	# Compiled on behalf of whoever may edit the pipeline.
	board.insert(ignore_permissions=True)
	frappe.db.set_value("Deal Pipeline", pipeline.name, "kanban_board", board.name, update_modified=False)
	return board


def _board_filters(pipeline: str) -> list[list]:
	"""Closed deals are left out: the standard board loads every card. Won and Lost stay as places to drop on."""
	return [[DOCTYPE, "pipeline", "=", pipeline], [DOCTYPE, "is_closed", "=", 0]]


def _filters_of(board) -> list[list]:
	try:
		return [row[:4] for row in frappe.parse_json(board.filters) or []]
	except ValueError:
		return []


def rename_board(old: str, new: str) -> None:
	"""The board bears the pipeline's name as long as nobody named it otherwise."""
	board = frappe.db.get_value("Deal Pipeline", new, "kanban_board")
	if board == old and not frappe.db.exists("Kanban Board", new):
		# The user's right to rename the pipeline was checked; the board only follows it.
		rename_doc("Kanban Board", old, new, force=True, ignore_permissions=True, show_alert=False)
		frappe.db.set_value("Kanban Board", new, "kanban_board_name", new, update_modified=False)
		frappe.db.set_value("Deal Pipeline", new, "kanban_board", new, update_modified=False)


def delete_board(board: str | None) -> None:
	if board:
		# The user's right to delete the pipeline was checked; the board only follows it.
		frappe.delete_doc("Kanban Board", board, force=True, ignore_permissions=True, ignore_missing=True)
