"""The life of an enquiry's card (Auto Lead): what its controller calls, in the order of Frappe's events."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from auto_dealer.clients.contact_input import read_email, read_phone
from auto_dealer.clients.find_active_deal import find_active_deals
from auto_dealer.clients.find_contact import find_contact, keys_for
from auto_dealer.clients.rules.tokens import client_tokens
from auto_dealer.clients.search_index import index_document, remove_document
from auto_dealer.permissions.change_rules import check_assignment
from auto_dealer.permissions.conditions import sees
from auto_dealer.permissions.deny_delete import deny, deny_rename
from auto_dealer.permissions.scopes import get_home_department
from auto_dealer.robots.fire import fire
from auto_dealer.sales.errors import (
	EmptyCard,
	LeadHasDeal,
	LeadStatusError,
	SecondaryWithoutDeal,
	throw_active_deal,
)
from auto_dealer.sales.responsible import default_responsible
from auto_dealer.sales.rules import enquiry
from auto_dealer.sales.rules.deal_card import queue_of

IDENTITY = ("phone", "email", "messenger", "contact", "customer")
SEARCHED = ("client_name", "phone", "email", "messenger", "contact")


def fill_new(lead: Document) -> None:
	"""Before the first save: who answers, in which department, and what an enquiry given with a deal becomes."""
	lead.responsible = lead.responsible or default_responsible(lead)
	lead.department = lead.department or get_home_department(lead.responsible or frappe.session.user) or None
	if lead.deal and not lead.flags.by_use_case:
		lead.status = enquiry.ATTACHED


def check(lead: Document) -> None:
	"""Every save: reads phone and e-mail, refuses empty cards, repeat enquiries and forbidden status changes."""
	enquiry_type = _enquiry_type(lead)
	_read_identity(lead)
	if enquiry.is_empty_card(
		bool(enquiry_type.is_target), lead.client_name, *(lead.get(f) for f in IDENTITY)
	):
		frappe.throw(
			_("Fill in the client's name, phone or messenger: an enquiry without a client is lost."),
			EmptyCard,
			title=_("Empty Card"),
		)
	_check_status(lead)
	_check_repeat(lead, enquiry_type)
	lead.is_secondary = int(bool(enquiry_type.is_secondary) or lead.status == enquiry.ATTACHED)
	_set_first_response(lead)
	check_assignment(lead)
	lead.queue = queue_of(lead.responsible, lead.department)


def record_created(lead: Document) -> None:
	"""After the first save: the enquiry can be found by name and phone. One write."""
	index_document(lead.doctype, lead.name, _tokens(lead), is_new=True)


def record_change(lead: Document) -> None:
	"""After every save: keeps the search tokens when what they are made of has changed; then the robots look."""
	before = lead.get_doc_before_save()
	if before and any(before.get(field) != lead.get(field) for field in SEARCHED):
		index_document(lead.doctype, lead.name, _tokens(lead))
	fire(lead, before)


def before_delete(lead: Document) -> None:
	deny(lead)
	remove_document(lead.doctype, lead.name)


def before_rename(lead: Document, old: str, new: str, merge: bool = False) -> None:
	deny_rename(lead, "before_rename", old, new, merge)


# -- steps -----------------------------------------------------------------------------------------


def _enquiry_type(lead: Document) -> frappe._dict:
	"""The switches of the enquiry's type; a missing type is left to the check of mandatory fields."""
	if not lead.enquiry_type:
		return frappe._dict(is_target=1, is_secondary=0)
	return frappe.get_cached_doc("Enquiry Type", lead.enquiry_type)


def _read_identity(lead: Document) -> None:
	lead.client_name = " ".join((lead.client_name or "").split())
	before = lead.get_doc_before_save()
	if not before or before.phone != lead.phone:
		lead.phone = read_phone(lead.phone, "Phone")
	if not before or before.email != lead.email:
		lead.email = read_email(lead.email, "Email")
	lead.messenger = (lead.messenger or "").strip() or None
	if not lead.contact and _identity_changed(lead):
		lead.contact = find_contact(lead.phone, lead.email, lead.messenger)


def _identity_changed(lead: Document) -> bool:
	before = lead.get_doc_before_save()
	return not before or any((before.get(field) or None) != (lead.get(field) or None) for field in IDENTITY)


def _check_status(lead: Document) -> None:
	before = lead.get_doc_before_save()
	if lead.flags.by_use_case:
		return
	status_before = before.status if before else None
	attaches = not before and lead.deal and lead.status == enquiry.ATTACHED
	if not attaches and not enquiry.can_change_status(status_before, lead.status):
		frappe.throw(
			_("The status cannot be changed from {0} to {1} by hand.").format(
				_(status_before or enquiry.NEW), _(lead.status)
			),
			LeadStatusError,
		)
	if before and (before.deal or None) != (lead.deal or None):
		frappe.throw(_("Use the action “Attach to Deal”: the deal is not typed in by hand."), LeadStatusError)
	if enquiry.needs_reason(lead.status) and not lead.lost_reason:
		frappe.throw(
			_("Choose a reason: why does the enquiry not become a deal?"), LeadStatusError, title=_("Reason")
		)


def _check_repeat(lead: Document, enquiry_type: frappe._dict) -> None:
	"""R7-R11: a repeat contact joins the client's open deal instead of becoming an enquiry of its own."""
	if (
		lead.flags.by_use_case
		or lead.status in enquiry.BY_USE_CASE_ONLY
		or lead.status in enquiry.CLOSED_WITHOUT_DEAL
	):
		if lead.status == enquiry.ATTACHED and lead.is_new() and not lead.flags.by_use_case:
			check_attachment(lead, lead.deal)
		return
	before = lead.get_doc_before_save()
	type_changed = bool(before) and before.enquiry_type != lead.enquiry_type
	if not (type_changed or _identity_changed(lead)) or not enquiry_type.is_target:
		return
	deals = active_deals_of(lead)
	decision = enquiry.decide_repeat(
		is_target=bool(enquiry_type.is_target),
		is_secondary=bool(enquiry_type.is_secondary),
		is_separate=bool(lead.is_separate_enquiry),
		has_active_deal=bool(deals),
	)
	if decision.outcome == enquiry.ASK_TO_ATTACH:
		throw_active_deal(deals, decision.can_separate)
	if decision.outcome == enquiry.REFUSE_SECONDARY:
		frappe.throw(
			_(
				"{0} is a repeat contact, but this client has no active deal. Choose a primary enquiry type."
			).format(_(lead.enquiry_type)),
			SecondaryWithoutDeal,
			title=_("No Active Deal"),
		)


def active_deals_of(lead: Document, pipeline: str | None = None) -> list[dict]:
	"""Open deals of the enquiry's client, the best match first."""
	keys = keys_for(lead.phone, lead.email, lead.messenger)
	return find_active_deals(keys, contact=lead.contact, customer=lead.customer, pipeline=pipeline)


def check_attachment(lead: Document, deal_name: str) -> frappe._dict:
	"""The deal's values when the enquiry may be attached to it: it is open and either the client's or visible.

	A manager may attach to a colleague's deal of the same client without seeing that deal.
	"""
	fields = ["name", "title", "contact", "customer", "responsible", "department", "ad_channel", "is_closed"]
	deal = frappe.db.get_value("Auto Deal", deal_name, fields, as_dict=True)
	if not deal:
		frappe.throw(_("There is no deal {0}.").format(deal_name), frappe.DoesNotExistError)
	is_of_client = bool(lead.contact and lead.contact == deal.contact) or deal.name in {
		row.name for row in active_deals_of(lead)
	}
	if not is_of_client and not sees("Auto Deal", deal.name):
		raise frappe.PermissionError(_("No permission for {0}").format(deal_name))
	if deal.is_closed:
		frappe.throw(_("Deal {0} is closed: register a new enquiry instead.").format(deal_name), LeadHasDeal)
	return deal


def _set_first_response(lead: Document) -> None:
	"""The first time somebody deals with the enquiry: it leaves New, or its responsible works on it."""
	if lead.first_response_at:
		return
	before = lead.get_doc_before_save()
	responded = enquiry.has_responded(before.status if before else None, lead.status)
	if responded or (lead.responsible and lead.responsible == frappe.session.user):
		lead.first_response_at = now_datetime()


def _tokens(lead: Document) -> set[str]:
	"""What a quick search finds the enquiry by."""
	return client_tokens(
		lead.client_name,
		filter(None, [lead.phone]),
		filter(None, [lead.email]),
		filter(None, [lead.messenger]),
	)
