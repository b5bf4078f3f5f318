"""A prepared car's deal passes from buyout or commission to the sales pipeline, with a new responsible (R53)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.permissions.scopes import get_home_department
from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.pipelines.move_deal import change_pipeline_by_process
from auto_dealer.processes.deal_course import current_name, find_deal, reason_of, stages_for
from auto_dealer.processes.people import SALES, find_people, least_busy
from auto_dealer.processes.photos import show_on_deal

DEAL = "Auto Deal"


class NotForSales(frappe.ValidationError):
	"""The deal is closed, or its pipeline passes nothing to sales."""


def pass_to_sales(request: Document) -> str | None:
	"""The new responsible; None when nobody has that duty: then the deal lies unsorted in the sales department.

	Throws what the gate of the stage throws. A deal that is in sales already stays as it is.
	"""
	deal = find_deal(request)
	settings = frappe.get_cached_doc("Preparation Settings")
	if deal.pipeline in {row.sales_pipeline for row in settings.stages}:
		return deal.responsible
	row = stages_for(deal.pipeline)
	if deal.is_closed or not row.sales_pipeline:
		frappe.throw(
			_(
				"The deal {0} does not pass to sales: it is closed, or Preparation Settings name no sales pipeline."
			).format(deal.name),
			NotForSales,
		)
	responsible = least_busy(find_people(SALES), DEAL, {"is_closed": 0}, "responsible")
	change_pipeline_by_process(
		deal.name,
		row.sales_pipeline,
		landing_stage(row),
		reason_of(request),
		{"responsible": responsible, "department": department_of(responsible, row, deal)},
	)
	show_on_deal(request)
	return responsible


def landing_stage(row: frappe._dict) -> str:
	named = current_name(row.sales_pipeline, row.sales_stage)
	entry = load(row.sales_pipeline).entry_stage
	return named or (entry.name if entry else "")


def department_of(responsible: str | None, row: frappe._dict, deal: frappe._dict) -> str | None:
	home = get_home_department(responsible) if responsible else ""
	return load(row.sales_pipeline).department or home or deal.department
