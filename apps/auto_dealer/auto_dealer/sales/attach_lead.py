"""A repeat contact joins the client's open deal and is counted as secondary traffic (R9-R11)."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html

from auto_dealer.sales.deal_input import LEAD_FIELDS, pick
from auto_dealer.sales.errors import LeadHasDeal
from auto_dealer.sales.lead_card import check_attachment
from auto_dealer.sales.rules import enquiry


def attach_lead(deal: str, lead: str | None = None, values: dict[str, Any] | None = None) -> Document:
	"""The lead, "Attached to Deal". Either an existing `lead`, or `values` of one that was refused before it was saved.

	The deal must be open and belong to the same client, or be visible to the user. Repeating it changes nothing.
	"""
	if lead:
		doc = frappe.get_doc("Auto Lead", lead, for_update=True)
		doc.check_permission("write")
		if doc.deal == deal and doc.status == enquiry.ATTACHED:
			return doc
		if doc.deal:
			frappe.throw(_("Lead {0} already belongs to the deal {1}.").format(lead, doc.deal), LeadHasDeal)
	else:
		doc = frappe.new_doc("Auto Lead")
		doc.update(pick(values, LEAD_FIELDS))
		doc.check_permission("create")
	return attach(doc, check_attachment(doc, deal))


def attach(lead: Document, deal: dict) -> Document:
	"""Saves the lead attached to the deal and says so in the deal's timeline. For callers that checked both."""
	lead.update(
		{
			"status": enquiry.ATTACHED,
			"deal": deal["name"],
			"contact": lead.contact or deal.get("contact"),
			"customer": lead.customer or deal.get("customer"),
			"responsible": lead.responsible or deal.get("responsible"),
			"department": lead.department or deal.get("department"),
		}
	)
	lead.flags.by_use_case = True
	lead.save()
	add_to_timeline(deal["name"], lead)
	return lead


def add_to_timeline(deal: str, lead: Document) -> None:
	"""A line in the deal's history: what kind of contact it was, through which channel, what the client said."""
	text = _("Repeat contact {0}: {1}").format(
		f'<a href="/app/auto-lead/{lead.name}">{lead.name}</a>', escape_html(_(lead.enquiry_type))
	)
	details = [lead.ad_channel, lead.source_text, lead.interest_text]
	text += "".join(f"<br>{escape_html(detail)}" for detail in details if detail)
	comment = frappe.get_doc(
		{
			"doctype": "Comment",
			"comment_type": "Info",
			"reference_doctype": "Auto Deal",
			"reference_name": deal,
			"content": text,
		}
	)
	# Whoever takes a call of a colleague's client leaves word of it, without a right to edit that deal.
	comment.insert(ignore_permissions=True)
