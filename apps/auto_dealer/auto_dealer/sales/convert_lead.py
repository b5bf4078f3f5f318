"""An enquiry becomes a deal, exactly once."""

from typing import Any

import frappe
from frappe import _

from auto_dealer.clients.client_keys import lock_client
from auto_dealer.clients.find_active_deal import find_active_deals
from auto_dealer.clients.find_contact import find_or_create_contact, keys_for
from auto_dealer.sales.claim_lead import lock_lead
from auto_dealer.sales.deal_card import default_pipeline
from auto_dealer.sales.deal_input import deal_fields, pick
from auto_dealer.sales.errors import LeadHasDeal, LeadStatusError, throw_active_deal
from auto_dealer.sales.rules import enquiry


def convert_lead(lead: str, pipeline: str | None = None, values: dict[str, Any] | None = None) -> str:
	"""The name of the deal that the lead became; contact found or made on the way.

	Safe to repeat: a lead that became a deal gives that deal again. Two at once: the second waits for the first.
	`values` are fields of the deal. Throws ActiveDealExists when meanwhile the client got an open deal (unless the
	lead is a separate enquiry), and LeadHasDeal when the lead is attached to a deal as a repeat contact.
	"""
	locked = lock_lead(lead)
	if not locked:
		frappe.throw(_("There is no lead {0}.").format(lead), frappe.DoesNotExistError)
	is_done = locked.status == enquiry.CONVERTED and locked.deal
	if not is_done:
		# Before anything is read: what other transactions do to this client is seen from here on.
		lock_client(keys_for(locked.phone, locked.email, locked.messenger))
	frappe.has_permission("Auto Lead", "write", doc=lead, throw=True)
	frappe.has_permission("Auto Deal", "create", throw=True)
	if is_done:
		return locked.deal
	_check_convertible(locked)
	values = pick(values, deal_fields())
	pipeline = pipeline or values.get("pipeline") or default_pipeline(locked.ad_channel)
	locked.contact = locked.contact or find_or_create_contact(
		values.get("client_name") or locked.client_name, locked.phone, locked.email, locked.messenger
	)
	if not locked.is_separate_enquiry and (
		deals := find_active_deals(contact=locked.contact, pipeline=pipeline)
	):
		throw_active_deal(deals, can_separate=True)
	return make_deal(locked, pipeline, values).insert().name


def make_deal(lead: frappe._dict, pipeline: str | None, values: dict[str, Any]):
	"""The unsaved deal of a locked lead; what the client is interested in becomes its first row."""
	deal = frappe.new_doc("Auto Deal")
	deal.update(values)
	deal.update({"pipeline": pipeline, "lead": lead.name, "contact": values.get("contact") or lead.contact})
	deal.flags.locked_lead = lead
	if not deal.vehicle_of_interest and any((lead.interest_make, lead.interest_model, lead.interest_text)):
		deal.append(
			"vehicle_of_interest",
			{
				"make": lead.interest_make,
				"model": lead.interest_model,
				"budget": lead.budget,
				"note": (lead.interest_text or "")[:140],
			},
		)
	return deal


def _check_convertible(lead: frappe._dict) -> None:
	if lead.status == enquiry.ATTACHED or lead.deal:
		frappe.throw(
			_("Lead {0} is attached to the deal {1}: it does not become a second deal.").format(
				lead.name, lead.deal
			),
			LeadHasDeal,
		)
	if lead.status in enquiry.CLOSED_WITHOUT_DEAL:
		frappe.throw(
			_("Lead {0} is closed as {1}. Take it to work first.").format(lead.name, _(lead.status)),
			LeadStatusError,
		)
