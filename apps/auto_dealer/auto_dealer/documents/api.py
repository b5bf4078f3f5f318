"""What the forms of deals and contracts ask the server."""

from __future__ import annotations

import frappe

from auto_dealer.documents import contract_card, public_link
from auto_dealer.documents.make_contract import CONTRACT
from auto_dealer.documents.make_contract import make_contract as make
from auto_dealer.documents.rules.contract_states import EXECUTED, SIGNED, TERMINATED


@frappe.whitelist(methods=["POST"])
def make_contract(deal: str, kind: str | None = None) -> dict:
	"""The deal's live contract of this kind, made now if there is none: {contract, number, is_new}.

	For those who may edit the deal and make contracts; a stranger is refused before anything is read.
	"""
	frappe.has_permission("Auto Deal", "write", doc=deal, throw=True)
	frappe.has_permission(CONTRACT, "create", throw=True)
	name, is_new = make(deal, kind)
	number = frappe.db.get_value(CONTRACT, name, "number", for_update=True)
	return {"contract": name, "number": number, "is_new": is_new}


@frappe.whitelist(methods=["POST"])
def sign_contract(contract: str, signed_on: str | None = None, signed_file: str | None = None) -> str:
	"""Draft → Signed, with the day and the scanned file when given; returns the new state. Needs write permission."""
	frappe.has_permission(CONTRACT, "write", doc=contract, throw=True)
	values = {"signed_on": signed_on, "signed_file": signed_file}
	return _set_state(contract, SIGNED, **{field: value for field, value in values.items() if value})


@frappe.whitelist(methods=["POST"])
def execute_contract(contract: str) -> str:
	"""Signed → Executed; returns the new state. Needs write permission."""
	frappe.has_permission(CONTRACT, "write", doc=contract, throw=True)
	return _set_state(contract, EXECUTED)


@frappe.whitelist(methods=["POST"])
def terminate_contract(contract: str, reason: str) -> str:
	"""Draft or Signed → Terminated, with the reason; returns the new state. Needs write permission."""
	frappe.has_permission(CONTRACT, "write", doc=contract, throw=True)
	return _set_state(contract, TERMINATED, termination_reason=reason)


@frappe.whitelist(methods=["POST"])
def renew_text(contract: str) -> str:
	"""Fills a draft's text anew from the template; returns it. Needs write permission."""
	frappe.has_permission(CONTRACT, "write", doc=contract, throw=True)
	doc = frappe.get_doc(CONTRACT, contract, for_update=True)
	contract_card.renew_text(doc)
	return doc.save().text


@frappe.whitelist()
def get_contracts(deal: str) -> list[dict]:
	"""The contracts of a deal that the user may read, the newest first."""
	frappe.has_permission("Auto Deal", "read", doc=deal, throw=True)
	fields = ["name", "number", "kind", "contract_date", "status", "amount", "currency"]
	return frappe.get_list(CONTRACT, {"deal": deal}, fields, order_by="creation desc")


def _set_state(contract: str, state: str, **values) -> str:
	doc = frappe.get_doc(CONTRACT, contract, for_update=True)
	doc.update({**values, "status": state})
	return doc.save().status


@frappe.whitelist(methods=["POST"])
def create_public_link(doctype: str, name: str, print_format: str | None = None, days: int = 14) -> dict:
	"""{link, url, expires_at}: a link by which a guest sees this document's print. For those who may print it."""
	frappe.has_permission(doctype, "print", doc=name, throw=True)
	return public_link.create_link(doctype, name, print_format, days)


@frappe.whitelist(methods=["POST"])
def revoke_public_link(link: str) -> None:
	"""The link shows nothing from now on. For those who may print the document it shows."""
	reference = frappe.db.get_value(public_link.LINK, link, ["reference_doctype", "reference_name"])
	frappe.has_permission(*_doc_of(reference), throw=True)
	public_link.revoke_link(link)


@frappe.whitelist()
def get_public_links(doctype: str, name: str) -> list[dict]:
	"""The links of a document with their views, never their secrets. For those who may print it."""
	frappe.has_permission(doctype, "print", doc=name, throw=True)
	return frappe.get_all(
		public_link.LINK,
		{"reference_doctype": doctype, "reference_name": name},
		["name", "print_format", "expires_at", "revoked_at", "view_count", "last_viewed_at"],
		order_by="creation desc",
	)


def _doc_of(reference: tuple[str, str] | None) -> tuple[str, str, str]:
	"""Arguments of has_permission; a link that is not there is refused like one that is not the user's."""
	if not reference:
		raise frappe.PermissionError
	return reference[0], "print", reference[1]
