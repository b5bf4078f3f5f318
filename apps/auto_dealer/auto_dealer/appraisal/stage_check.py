"""Refuses a save of an appraisal that lacks what its stage needs, and says what to fill in."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.appraisal.rules.stages import (
	AGREED,
	NOT_CHECKED,
	inspection_problem,
	missing_fields,
	required_fields,
)


class AppraisalNotReady(frappe.ValidationError):
	"""The appraisal does not have what its stage needs; `frappe.response["missing"]` lists the fields."""


class AppraisalUsed(frappe.ValidationError):
	"""A deal was made of the agreed price: the appraisal is not taken back any more."""


def check_stage(appraisal: Document, before: Document | None) -> None:
	"""On every save, so that nothing required is taken out again."""
	check_not_used(appraisal, before)
	fields = {*required_fields(appraisal.stage), "frame_number"}
	if missing := missing_fields(appraisal.stage, {field: appraisal.get(field) for field in fields}):
		refuse(appraisal, missing)
	problem = inspection_problem(
		appraisal.stage,
		[row.result for row in appraisal.checks],
		[(row.severity, bool(row.photo)) for row in appraisal.damages],
	)
	if problem:
		frappe.throw(inspection_message(*problem), AppraisalNotReady, title=_("Not Ready for This Stage"))


def check_not_used(appraisal: Document, before: Document | None) -> None:
	"""What a deal was made of keeps its stage, price and car."""
	if not before or not (before.buyout_deal or before.is_trade_in) or before.stage != AGREED:
		return
	for field in ("stage", "agreed_price", "vin"):
		if before.get(field) != appraisal.get(field):
			frappe.throw(_("The agreed price is in a deal already: it is changed there."), AppraisalUsed)


def refuse(appraisal: Document, missing: list[str]) -> None:
	labels = [_(appraisal.meta.get_label(field), context=appraisal.doctype) for field in missing]
	frappe.response["missing"] = missing
	frappe.throw(
		_("The stage {0} needs: {1}.").format(
			frappe.bold(_(appraisal.stage, context=appraisal.doctype)), ", ".join(labels)
		),
		AppraisalNotReady,
		title=_("Fill In"),
	)


def inspection_message(problem: str, row: int) -> str:
	if problem == NOT_CHECKED:
		return _("Checklist, row {0}: choose a result, “Not Checked” too is one.").format(row)
	return _("Damages, row {0}: a severe damage needs a photo.").format(row)
