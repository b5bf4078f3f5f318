"""Refuses a save of an application that lacks what its stage needs, and says what to fill in."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.credit.rules.stages import (
	CHOICE_NOT_APPROVED,
	NO_ANSWER,
	NO_BANK_ASKED,
	NO_CHOICE,
	missing_fields,
	offers_problem,
	required_fields,
)


class StageNotReady(frappe.ValidationError):
	"""The application does not have what its stage needs; `frappe.response["missing"]` lists the fields."""


def check_stage(application: Document) -> None:
	"""On every save, so that nothing required is taken out again. Erased applications are left as they are."""
	if application.erased_at:
		return
	fields = {*required_fields(application.stage), "consent_date", "consent_text", "has_consent"}
	values = {field: application.get(field) for field in fields}
	if missing := missing_fields(application.stage, values):
		refuse(application, missing)
	offers = [(offer.status, bool(offer.is_chosen)) for offer in application.offers]
	if problem := offers_problem(application.stage, offers):
		frappe.throw(offers_message(problem), StageNotReady, title=_("Not Ready for This Stage"))


def refuse(application: Document, missing: list[str]) -> None:
	labels = [_(application.meta.get_label(field), context=application.doctype) for field in missing]
	frappe.response["missing"] = missing
	frappe.throw(
		_("The stage {0} needs: {1}.").format(
			frappe.bold(_(application.stage, context=application.doctype)), ", ".join(labels)
		),
		StageNotReady,
		title=_("Fill In"),
	)


def offers_message(problem: str) -> str:
	return {
		NO_BANK_ASKED: _("Send the application to a bank, or mark a bank's offer as sent."),
		NO_ANSWER: _("No bank has answered yet: mark an offer as approved or refused."),
		NO_CHOICE: _("Choose exactly one bank's offer."),
		CHOICE_NOT_APPROVED: _("The chosen offer is not approved by its bank."),
	}[problem]
