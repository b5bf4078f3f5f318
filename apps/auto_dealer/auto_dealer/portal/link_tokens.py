"""Links by which a client without an account sees or manages one document: secret, expiring, revocable, counted.

	url = ensure_link("Order", "Service Work Order", order)            # the same each time, until it is revoked
	url = make_link("Booking", "Service Booking", booking, days=90)    # a new one; its secret is told this once
	link = find_link(token, "Order")                                   # None: wrong, foreign, expired, revoked, gone
	revoke_links("Service Work Order", order)

Permissions are the caller's duty: whoever makes a link has the right to show the document.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

import frappe
from frappe import _
from frappe.utils import add_days, cint, get_datetime, get_url, now_datetime
from frappe.utils.password import get_encryption_key

from auto_dealer.portal.rules.link_token import hash_token, is_open, is_token

LINK = "Portal Link"
# Purpose → the page that opens by the secret.
PAGES = {"Booking": "booking", "Order": "my"}
MOST_DAYS = 365


class UnknownPurpose(frappe.ValidationError):
	"""There is no page for such a link."""


def make_link(purpose: str, doctype: str, name: str, days: int | None = None) -> str:
	"""The address of a new link to the document; earlier links go on working."""
	return address_of(purpose, make_token(purpose, doctype, name, days))


def make_token(
	purpose: str, doctype: str, name: str, days: int | None = None, token: str | None = None
) -> str:
	"""The same, the secret alone. `token`: one that the caller can make again."""
	if purpose not in PAGES:
		frappe.throw(_("There is no page for links of the kind {0}.").format(purpose), UnknownPurpose)
	days = cint(days) or cint(frappe.get_cached_doc("Client Portal Settings").link_days) or 90
	token = token or secrets.token_urlsafe(32)
	link = frappe.get_doc(
		{
			"doctype": LINK,
			"purpose": purpose,
			"reference_doctype": doctype,
			"reference_name": name,
			"expires_at": add_days(now_datetime(), min(max(days, 1), MOST_DAYS)),
			"token_hash": hash_token(token),
		}
	)
	# Nobody has the right to make links as such: the caller has checked the right to show this document.
	link.insert(ignore_permissions=True)
	return token


def ensure_link(purpose: str, doctype: str, name: str) -> str:
	"""The open address of the document, made when there is none: short messages may name it again and again.

	The secret is made of the site's key and the document, so that it need not be kept.
	"""
	if url := open_link(purpose, doctype, name):
		return url
	try:
		number = len(_links(purpose, doctype, name))
		return address_of(
			purpose, make_token(purpose, doctype, name, token=_derive(purpose, doctype, name, number))
		)
	except frappe.UniqueValidationError:
		# Somebody else has just made it.
		frappe.clear_last_message()
		return address_of(purpose, _derive(purpose, doctype, name, number))


def open_link(purpose: str, doctype: str, name: str) -> str:
	"""The address that `ensure_link` gave and that still opens; "" when there is none. Only reads."""
	for number, link in reversed(list(enumerate(_links(purpose, doctype, name)))):
		token = _derive(purpose, doctype, name, number)
		is_ours = hash_token(token) == link.token_hash
		if is_ours and is_open(get_datetime(link.expires_at), link.revoked_at, now_datetime()):
			return address_of(purpose, token)
	return ""


def _links(purpose: str, doctype: str, name: str) -> list[frappe._dict]:
	"""The oldest first: the place of a link is part of its secret."""
	return frappe.get_all(
		LINK,
		{"purpose": purpose, "reference_doctype": doctype, "reference_name": name},
		["token_hash", "expires_at", "revoked_at"],
		order_by="creation, name",
	)


def _derive(purpose: str, doctype: str, name: str, number: int) -> str:
	text = f"portal|{frappe.local.site}|{purpose}|{doctype}|{name}|{number}"
	digest = hmac.new(get_encryption_key().encode(), text.encode(), hashlib.sha256).digest()
	return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def find_link(token: str | None, purpose: str) -> frappe._dict | None:
	"""{name, reference_doctype, reference_name, expires_at} of an open link; None in every other case.

	The same query runs for whatever was sent, so that a wrong secret takes as long as a foreign one.
	"""
	fields = ["name", "purpose", "reference_doctype", "reference_name", "expires_at", "revoked_at"]
	link = frappe.db.get_value(LINK, {"token_hash": hash_token(token)}, fields, as_dict=True)
	if not link or not is_token(token) or link.purpose != purpose:
		return None
	if not is_open(get_datetime(link.expires_at), link.revoked_at, now_datetime()):
		return None
	return link if frappe.db.exists(link.reference_doctype, link.reference_name) else None


def revoke_links(doctype: str, name: str, purpose: str | None = None) -> int:
	"""Closes all open links of the document; how many there were. What was revoked stays so."""
	filters = {"reference_doctype": doctype, "reference_name": name, "revoked_at": ("is", "not set")}
	if purpose:
		filters["purpose"] = purpose
	names = frappe.get_all(LINK, filters, pluck="name")
	for link in names:
		frappe.db.set_value(LINK, link, "revoked_at", now_datetime())
	return len(names)


def count_view(link: str) -> None:
	"""One UPDATE, so that two views at a time are counted as two."""
	frappe.db.sql(
		"update `tabPortal Link` set view_count = view_count + 1, last_viewed_at = %s where name = %s",
		(now_datetime(), link),
	)


def address_of(purpose: str, token: str) -> str:
	"""The page's address with the secret in its path: it is no part of a query that logs and statistics keep."""
	return get_url(f"/{PAGES[purpose]}/{token}")
