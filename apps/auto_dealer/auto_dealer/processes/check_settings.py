"""Preparation Settings that would fail later are refused when they are saved."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.processes.people import ADMINISTRATOR, DIAGNOSTICS_LEADER, PHOTOGRAPHER, SALES

# What somebody with a duty has to be able to write. A price is agreed by a notice's answer, without a right.
WRITTEN = {
	DIAGNOSTICS_LEADER: "Diagnostics Request",
	ADMINISTRATOR: "Detailing Request",
	PHOTOGRAPHER: "Detailing Request",
	SALES: "Auto Deal",
}
STAGES = (
	*("diagnostics_stage", "after_diagnostics_stage", "detailing_stage", "detailing_done_stage"),
	"photo_stage",
)


def check(settings: Document) -> None:
	for row in settings.people:
		check_person(row)
	for row in settings.stages:
		for field in STAGES:
			check_stage(row, row.pipeline, field)
		if row.sales_pipeline:
			check_stage(row, row.sales_pipeline, "sales_stage")


def check_person(row: Document) -> None:
	doctype = WRITTEN.get(row.duty)
	if doctype and not frappe.has_permission(doctype, "write", user=row.user):
		frappe.throw(
			_("{0} cannot have the duty {1}: no right to change {2}. Give them the role first.").format(
				row.user, _(row.duty, context=row.doctype), _(doctype)
			)
		)


def check_stage(row: Document, pipeline: str, field: str) -> None:
	name = row.get(field)
	rule = load(pipeline)
	if name and not (rule.find(name) or rule.find_former(name)):
		frappe.throw(
			_("The pipeline {0} has no stage {1} ({2}).").format(
				_(pipeline), name, _(row.meta.get_label(field), context=row.doctype)
			)
		)
