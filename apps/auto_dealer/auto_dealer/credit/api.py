"""What the desk may call for credit."""

from __future__ import annotations

import json

import frappe

from auto_dealer.credit import compare_offers, deal_state
from auto_dealer.credit.application_pack import as_zip, make_pack
from auto_dealer.credit.personal_data import may_read_personal_data
from auto_dealer.credit.send_to_banks import CannotSend
from auto_dealer.credit.send_to_banks import send_to_banks as send
from auto_dealer.sales.retry import run_locked
from auto_dealer.sales.specialist_document import find_people

DOCTYPE = "Credit Application"
SPECIALIST = "Dealer Credit Specialist"


@frappe.whitelist()
def get_deal_credit(deal: str) -> dict | None:
	"""Status and totals of the deal's credit, for whoever reads the deal; nothing personal."""
	frappe.has_permission("Auto Deal", "read", doc=deal, throw=True)
	return deal_state.get_state(deal)


@frappe.whitelist()
def get_offers(application: str) -> list[dict]:
	"""The banks' offers with the best of each criterion marked; for whoever reads the application."""
	frappe.has_permission(DOCTYPE, "read", doc=application, throw=True)
	return compare_offers.get_offers(application)


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def find_specialists(
	doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: dict | str | None = None
) -> list:
	"""Search of the deal's field: enabled users with the specialist's role, for whoever reads deals."""
	frappe.has_permission("Auto Deal", "read", throw=True)
	return find_people(SPECIALIST, txt, start, page_len)


@frappe.whitelist(methods=["POST"])
def send_to_banks(application: str, banks: list | str) -> list[str]:
	"""Queues the application for these banks; refused without the right to write it, without consent, or when done."""
	frappe.has_permission(DOCTYPE, "write", doc=application, throw=True)
	names = json.loads(banks) if isinstance(banks, str) else banks
	return run_locked(lambda: send(application, [str(name) for name in names]))


@frappe.whitelist(methods=["POST"])
def download_pack(application: str) -> None:
	"""Answers with the archive for a bank; only for those who read the borrower's data, and only with a consent."""
	frappe.has_permission(DOCTYPE, "read", doc=application, throw=True)
	if not may_read_personal_data():
		raise frappe.PermissionError
	doc = frappe.get_doc(DOCTYPE, application)
	if not (doc.has_consent and doc.consent_date and doc.consent_text):
		frappe.throw(frappe._("Note the borrower's consent with its date and text first."), CannotSend)
	frappe.response.update(
		{
			"filename": f"{application}.zip",
			"filecontent": as_zip(make_pack(doc, application)),
			"type": "download",
		}
	)
