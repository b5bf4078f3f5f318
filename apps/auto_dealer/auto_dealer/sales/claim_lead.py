"""The lead behind a deal: taken once, under its row lock."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from auto_dealer.sales.errors import LeadHasDeal
from auto_dealer.sales.rules import enquiry
from auto_dealer.sales.rules.deal_card import queue_of

FIELDS = (
	"name",
	"status",
	"deal",
	"client_name",
	"phone",
	"email",
	"messenger",
	"contact",
	"customer",
	"ad_channel",
	"responsible",
	"department",
	"enquiry_type",
	"is_separate_enquiry",
	"interest_make",
	"interest_model",
	"interest_text",
	"budget",
	"first_response_at",
)


def lock_lead(name: str) -> frappe._dict | None:
	"""The lead as committed, its row locked until the end of the transaction; None when there is none."""
	return frappe.db.get_value("Auto Lead", name, FIELDS, as_dict=True, for_update=True)


def claim_lead(deal: Document) -> frappe._dict:
	"""The locked lead of a deal being saved; throws when it belongs to another deal (one lead, one deal)."""
	lead = deal.flags.locked_lead or lock_lead(deal.lead)
	if not lead:
		frappe.throw(_("Could not find {0}").format(f"{_('Lead')}: {deal.lead}"), frappe.LinkValidationError)
	if lead.deal and lead.deal != deal.name:
		frappe.throw(
			_("Lead {0} already belongs to the deal {1}.").format(lead.name, lead.deal),
			LeadHasDeal,
			title=_("Lead Has a Deal"),
		)
	deal.lead = lead.name
	deal.flags.locked_lead = lead
	return lead


def mark_converted(deal: Document) -> None:
	"""The lead became this deal. One UPDATE; called inside the deal's save, the lead's row is locked."""
	lead = deal.flags.locked_lead
	values = {"status": enquiry.CONVERTED, "deal": deal.name, "contact": deal.contact}
	if deal.customer and not lead.customer:
		values["customer"] = deal.customer
	if deal.responsible and not lead.responsible:
		values.update(_holder(deal))
	# A person turned it into a deal: that is an answer. A channel did: nobody has answered yet.
	if not lead.first_response_at and not deal.flags.ignore_permissions:
		values["first_response_at"] = now_datetime()
	frappe.db.set_value("Auto Lead", lead.name, values)


def mark_answered(deal: Document, is_first_step: bool) -> None:
	"""Somebody took the deal or made its first step: its lead gets the responsible and the time of the first answer."""
	lead = lock_lead(deal.lead)
	if not lead:
		return
	values = {}
	if deal.responsible and not lead.responsible:
		values.update(_holder(deal))
	is_at_work = deal.responsible and deal.responsible == frappe.session.user
	if not lead.first_response_at and (is_at_work or is_first_step):
		values["first_response_at"] = now_datetime()
	if values:
		frappe.db.set_value("Auto Lead", lead.name, values)


def _holder(deal: Document) -> dict:
	return {
		"responsible": deal.responsible,
		"department": deal.department,
		"queue": queue_of(deal.responsible, deal.department),
	}
