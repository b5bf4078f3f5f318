"""Links by which a guest sees the print of one document: secret, expiring, revocable, counted."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.utils import add_days, cint, get_datetime, get_url, now_datetime

from auto_dealer.documents.rules.link_token import hash_token, is_open, is_token

LINK = "Public Link"
# What may be shown to a guest; the print format belongs to the same DocType.
SHOWN = ("Dealer Contract", "Payment Request", "Sales Invoice", "Vehicle Appraisal")
PRINTS = {
	"Payment Request": "Invoice for Payment",
	"Sales Invoice": "Act of Completed Works",
	"Vehicle Appraisal": "Appraisal Sheet",
}
MOST_DAYS = 365
ADDRESS = "/api/method/auto_dealer.documents.public_page.get_document"


class NotForGuests(frappe.ValidationError):
	"""Such a document, or such a print of it, is not shown by a link."""


def create_link(
	doctype: str, name: str, print_format: str | None = None, days: int = 14, token: str | None = None
) -> dict:
	"""{link, url, expires_at}. The url holds the secret and is told this once. Permissions are the caller's duty.

	`token`: a secret that the caller can make again.
	"""
	if doctype not in SHOWN:
		frappe.throw(_("{0} is not shown by a public link.").format(_(doctype)), NotForGuests)
	print_format = print_format or default_print_format(doctype, name)
	if frappe.db.get_value("Print Format", print_format, "doc_type") != doctype:
		frappe.throw(_("{0} is no print format of {1}.").format(print_format, _(doctype)), NotForGuests)
	token = token or secrets.token_urlsafe(32)
	link = frappe.get_doc(
		{
			"doctype": LINK,
			"reference_doctype": doctype,
			"reference_name": name,
			"print_format": print_format,
			"expires_at": add_days(now_datetime(), min(max(cint(days), 1), MOST_DAYS)),
			"token_hash": hash_token(token),
		}
	)
	# Nobody has the right to make links as such: the caller has checked the right to print this document.
	link.insert(ignore_permissions=True)
	return {"link": link.name, "url": address_of(token), "expires_at": str(link.expires_at)}


def revoke_link(link: str) -> None:
	"""The link shows nothing from now on; what was revoked stays so. Permissions are the caller's duty."""
	frappe.db.set_value(LINK, {"name": link, "revoked_at": ("is", "not set")}, "revoked_at", now_datetime())


def find_open_link(token: str | None) -> frappe._dict | None:
	"""The link of this secret while it is open and its document is there; None in every other case."""
	if not is_token(token):
		return None
	fields = ["name", "reference_doctype", "reference_name", "print_format", "expires_at", "revoked_at"]
	link = frappe.db.get_value(LINK, {"token_hash": hash_token(token)}, fields, as_dict=True)
	if not link or not is_open(get_datetime(link.expires_at), link.revoked_at, now_datetime()):
		return None
	if link.reference_doctype not in SHOWN:
		return None
	return link if frappe.db.exists(link.reference_doctype, link.reference_name) else None


def count_view(link: str) -> None:
	"""One UPDATE, so that two guests at a time are counted as two."""
	frappe.db.sql(
		"update `tabPublic Link` set view_count = view_count + 1, last_viewed_at = %s where name = %s",
		(now_datetime(), link),
	)


def default_print_format(doctype: str, name: str) -> str | None:
	if doctype in PRINTS:
		return PRINTS[doctype]
	kind = frappe.db.get_value(doctype, name, "kind")
	return frappe.get_cached_value("Contract Kind", kind, "print_format") if kind else None


def address_of(token: str) -> str:
	return f"{get_url(ADDRESS)}?{urlencode({'token': token})}"
