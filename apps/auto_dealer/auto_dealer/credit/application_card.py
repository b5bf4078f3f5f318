"""The life of a credit application: what its controller calls, in the order of Frappe's events."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from auto_dealer.credit.calculate import calculate, decimal
from auto_dealer.credit.events import note_stage, publish
from auto_dealer.credit.personal_data import personal_fields
from auto_dealer.credit.rules.commission import BadShares, check_shares
from auto_dealer.credit.rules.stages import FINAL
from auto_dealer.credit.stage_check import check_stage
from auto_dealer.permissions.deny_delete import deny, deny_rename
from auto_dealer.pipelines import workflow_actions
from auto_dealer.robots.fire import fire
from auto_dealer.sales.company_currency import company_currency

DOCTYPE = "Credit Application"
# Written by use cases only; what a browser sends for them is put back.
KEPT = (
	*("specialist", "specialist_share", "manager_share", "erased_at", "closed_at", "last_event"),
	*("last_event_at", "title"),
)


def set_name(application: Document) -> None:
	"""`CR-000001`, from a database sequence that locks nobody."""
	application.name = f"CR-{frappe.db.get_next_sequence_val(DOCTYPE):06d}"


def fill_new(application: Document) -> None:
	"""Before the first save: currency, shares of the commission, the text of the consent."""
	settings = frappe.get_cached_doc("Credit Settings")
	application.currency = application.currency or company_currency()
	application.specialist_share = settings.specialist_share
	application.manager_share = settings.manager_share
	application.consent_text = application.consent_text or settings.consent_text
	application.title = application.title or application.deal


def check(application: Document) -> None:
	"""Every save: figures are computed here, never taken from the browser; then the rules of the stage."""
	before = application.get_doc_before_save()
	if before and not application.flags.by_use_case:
		application.update({field: before.get(field) for field in KEPT})
	calculate(application)
	check_stage(application)
	if not before or before.stage != application.stage:
		application.closed_at = now_datetime() if application.stage in FINAL else None
		note_stage(application)


def show_change(application: Document) -> None:
	"""After every save: whoever has the deal open sees it, and the robots do."""
	publish(application)
	fire(application, application.get_doc_before_save())


def without_workflow_actions():
	"""Context in which Frappe makes no Workflow Action rows; see `pipelines.workflow_actions`."""
	return workflow_actions.skipped(DOCTYPE)


def before_delete(application: Document) -> None:
	"""The copy that Frappe keeps of a deleted document is without the borrower's data."""
	deny(application)
	for field in personal_fields():
		application.set(field, [] if application.meta.get_field(field).fieldtype == "Table" else None)


def before_rename(application: Document, old: str, new: str, merge: bool = False) -> None:
	deny_rename(application, "before_rename", old, new, merge)


def check_settings(settings: Document) -> None:
	"""Shares that leave the dealer less than nothing are refused."""
	try:
		check_shares(decimal(settings.specialist_share), decimal(settings.manager_share))
	except BadShares:
		frappe.throw(_("The shares of specialist and manager must be 0 to 100 % and at most 100 % together."))


def add_indexes() -> None:
	"""For the lists "my applications" and for the nightly erasure."""
	frappe.db.add_index(DOCTYPE, ["specialist", "modified"], "dealer_specialist")
	frappe.db.add_index(DOCTYPE, ["stage", "closed_at"], "dealer_closed")
	frappe.db.add_index("Bank Offer", ["status", "next_try_at"], "dealer_next_try")
