"""The life of a deal's card (Auto Deal): what its controller calls, in the order of Frappe's events."""

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.clients.contact_input import read_email, read_phone
from auto_dealer.clients.find_contact import find_or_create_contact
from auto_dealer.payments import deal_money
from auto_dealer.permissions.change_rules import check_assignment
from auto_dealer.permissions.deny_delete import deny, deny_rename
from auto_dealer.permissions.scopes import get_home_department
from auto_dealer.pipelines import guard_stage, log_stage, workflow_actions
from auto_dealer.pipelines.load_pipeline import load
from auto_dealer.sales.claim_lead import claim_lead, mark_answered, mark_converted
from auto_dealer.sales.company_currency import company_currency
from auto_dealer.sales.deal_followups import after_change
from auto_dealer.sales.deal_input import input_values
from auto_dealer.sales.errors import DealWithoutContact, throw_needs_lead
from auto_dealer.sales.link_check import validate_links
from auto_dealer.sales.responsible import default_responsible
from auto_dealer.sales.rules.deal_card import car_name, make_title, queue_of

# Read (and so checked) by the steps below, not by the common check of links.
READ_HERE = ("contact", "lead")
FROM_LEAD = ("contact", "customer", "client_name", "phone", "email", "ad_channel", "responsible")


def check_links(deal: Document) -> None:
	validate_links(deal, known=READ_HERE)


def read_stage(deal: Document) -> None:
	guard_stage.read_stage(deal)


def without_workflow_actions():
	"""Context in which Frappe makes no Workflow Action rows for deals; see `pipelines.workflow_actions`."""
	return workflow_actions.skipped("Auto Deal")


def fill_new(deal: Document) -> None:
	"""Before the first save: pipeline, lead (locked), responsible and department."""
	deal.pipeline = deal.pipeline or default_pipeline(deal.ad_channel)
	if not deal.pipeline:
		return
	pipeline = load(deal.pipeline)
	if not deal.lead and pipeline.lead_required:
		throw_needs_lead(deal.pipeline, input_values(deal))
	lead = _take_lead(deal)
	deal.currency = deal.currency or company_currency()
	deal.responsible = deal.responsible or default_responsible(deal)
	deal.department = (
		deal.department
		or pipeline.department
		or get_home_department(deal.responsible or frappe.session.user)
		or lead.get("department")
		or None
	)


def check(deal: Document) -> None:
	"""Every save: the client, the title, who holds the deal."""
	before = deal.get_doc_before_save()
	if before and (before.lead or None) != (deal.lead or None):
		_take_lead(deal)
	_fill_client(deal, before)
	_fill_title(deal, before)
	deal_money.keep(deal, before)
	check_assignment(deal)
	deal.queue = queue_of(deal.responsible, deal.department)


def check_stage(deal: Document) -> None:
	"""The pipeline's rules; then whether the deal still waits for somebody to take it."""
	guard_stage.guard(deal)
	deal.is_unsorted = int(not deal.responsible and not deal.is_closed)


def record_created(deal: Document) -> None:
	"""After the first save: the stage log and the lead that became this deal."""
	log_stage.log_move(deal)
	if deal.lead:
		mark_converted(deal)


def show_followers(deal: Document) -> None:
	"""Last of every save: robots, and what other domains do about a changed deal."""
	after_change(deal, deal.get_doc_before_save())


def record_change(deal: Document) -> None:
	"""After every save: the stage log; the first answer is noted on the lead."""
	log_stage.log_move(deal)
	before = deal.get_doc_before_save()
	if not before or not deal.lead:
		return
	if before.lead != deal.lead:
		mark_converted(deal)
		return
	is_first_step = before.stage != deal.stage and _is_entry(before)
	if is_first_step or (deal.responsible and not before.responsible):
		mark_answered(deal, is_first_step)


def has_rows(deal: Document) -> bool:
	"""Whether there are table rows to write or to delete; without them a save needs no DELETE with its gap locks."""
	before = deal.get_doc_before_save()
	return bool(deal.get_all_children() or (before and before.get_all_children()))


def before_delete(deal: Document) -> None:
	deny(deal)


def before_rename(deal: Document, old: str, new: str, merge: bool = False) -> None:
	deny_rename(deal, "before_rename", old, new, merge)


def default_pipeline(ad_channel: str | None = None) -> str | None:
	"""The channel's pipeline, else the one that is marked as default (R38)."""
	if ad_channel and (pipeline := frappe.get_cached_value("Ad Channel", ad_channel, "pipeline")):
		return pipeline
	return frappe.db.get_value(
		"Deal Pipeline", {"is_default": 1, "is_enabled": 1}, "name", order_by="sort_order"
	)


# -- steps -----------------------------------------------------------------------------------------


def _take_lead(deal: Document) -> frappe._dict:
	"""Locks the lead, makes sure that it is free, and takes over what the deal does not say itself."""
	if not deal.lead:
		return frappe._dict()
	lead = claim_lead(deal)
	for field in FROM_LEAD:
		if not deal.get(field) and lead.get(field):
			deal.set(field, lead.get(field))
	return lead


def _is_entry(deal: Document) -> bool:
	entry = load(deal.pipeline).entry_stage
	return bool(entry) and entry.name == deal.stage


def _fill_client(deal: Document, before: Document | None) -> None:
	"""A deal always has a contact (R61); name, phone and e-mail are shown as the contact has them."""
	if not before or before.phone != deal.phone:
		deal.phone = read_phone(deal.phone, "Phone")
	if not before or before.email != deal.email:
		deal.email = read_email(deal.email, "Email")
	if before and deal.contact and before.contact == deal.contact:
		return
	deal.contact = deal.contact or _find_contact(deal)
	fields = ["name", "full_name", "mobile_no", "phone", "email_id", "dealer_client_kind"]
	contact = frappe.db.get_value("Contact", deal.contact, fields, as_dict=True)
	if not contact:
		frappe.throw(
			_("Could not find {0}").format(f"{_('Contact')}: {deal.contact}"), frappe.LinkValidationError
		)
	deal.contact = contact.name
	deal.client_name = contact.full_name or deal.client_name
	deal.phone = contact.mobile_no or contact.phone or (deal.phone if not before else None)
	deal.email = contact.email_id or (deal.email if not before else None)
	deal.client_kind = deal.client_kind or contact.dealer_client_kind
	if not deal.customer:
		deal.customer = customer_of(contact.name)


def _find_contact(deal: Document) -> str:
	if deal.customer and (
		contact := frappe.db.get_value("Customer", deal.customer, "customer_primary_contact")
	):
		return contact
	if not any((deal.client_name, deal.phone, deal.email)):
		frappe.throw(
			_("Fill in the client's name or phone: a deal belongs to a contact."),
			DealWithoutContact,
			title=_("Client Required"),
		)
	return find_or_create_contact(deal.client_name, deal.phone, deal.email, client_kind=deal.client_kind)


def customer_of(contact: str) -> str | None:
	"""The customer (payer) that the contact belongs to, when there is exactly one."""
	customers = frappe.get_all(
		"Dynamic Link",
		{"parenttype": "Contact", "parent": contact, "link_doctype": "Customer"},
		pluck="link_name",
		limit=2,
		order_by=None,
	)
	return customers[0] if len(customers) == 1 else None


def _fill_title(deal: Document, before: Document | None) -> None:
	"""Made from client and car as long as nobody typed another."""
	is_made = not deal.title or (before and deal.title == before.title == _made_title(before))
	if is_made:
		deal.title = _made_title(deal)


def _made_title(deal: Document) -> str:
	row = next(iter(deal.get("vehicle_of_interest") or []), frappe._dict())
	return make_title(
		deal.client_name, deal.vehicle_title or car_name(row.get("make"), row.get("model")), deal.phone
	)
