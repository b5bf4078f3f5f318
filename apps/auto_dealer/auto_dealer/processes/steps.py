"""A step of a process: the action of the Frappe Workflow from the state where the document stands.

Use cases (an answered notice, a closed task) have checked the person themselves; the way must be in the workflow, which
an admin may change: another state may follow an action, and an action that is taken out is done no more.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import (
	get_workflow,
	get_workflow_name,
	is_transition_condition_satisfied,
)


class NoSuchStep(frappe.ValidationError):
	"""The workflow has no such action in the document's state."""


def apply(doc: Document, action: str) -> Document:
	"""Takes the step and saves, whatever the rights of whoever is logged in: the use case has checked them."""
	doc.state = next_state(doc, action)
	doc.flags.by_use_case = True
	# Those who answer a notice or close a task need no right to write the document.
	return doc.save(ignore_permissions=True)


def next_state(doc: Document, action: str) -> str:
	edges = edges_of(doc, doc.state, action=action)
	if not edges:
		frappe.throw(
			_("{0} is not possible in the state {1}.").format(_(action), _(doc.state, context=doc.doctype)),
			NoSuchStep,
		)
	states = {edge.next_state for edge in edges}
	if len(states) > 1:
		met = [edge for edge in edges if is_transition_condition_satisfied(edge, doc)]
		edges = met or edges
	return edges[0].next_state


def check_step(doc: Document) -> None:
	"""In place of Frappe's check for use cases: the edge must exist, roles and conditions are not asked."""
	before = doc.get_doc_before_save()
	if not before or before.state == doc.state or edges_of(doc, before.state, next_state=doc.state):
		return
	frappe.throw(
		_("{0} does not go from {1} to {2}.").format(
			_(doc.doctype), _(before.state, context=doc.doctype), _(doc.state, context=doc.doctype)
		),
		NoSuchStep,
	)


def edges_of(doc: Document, state: str, action: str | None = None, next_state: str | None = None) -> list:
	if not get_workflow_name(doc.doctype):
		return []
	return [
		edge
		for edge in get_workflow(doc.doctype).transitions
		if edge.state == state
		and (action is None or edge.action == action)
		and (next_state is None or edge.next_state == next_state)
	]
