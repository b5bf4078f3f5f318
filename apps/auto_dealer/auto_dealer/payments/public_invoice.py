"""The client's link to an invoice: short enough for an SMS, the same each time it is asked for.

The secret is made of the site's key and the document, so that it need not be kept: the row of Public Link holds its
hash, when it expires, whether it was revoked, and how often it was opened.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

import frappe
from frappe.utils import get_url
from frappe.utils.password import get_encryption_key

from auto_dealer.documents.public_link import LINK, create_link, revoke_link
from auto_dealer.documents.rules.link_token import hash_token
from auto_dealer.payments.settings import get_settings

TOKEN_BYTES = 16
# Leads to documents.public_page, see `website_redirects`.
SHORT = "/i/"
REQUEST = "Payment Request"


def invoice_link(payment_request: str) -> str:
	"""The address under which the client sees the invoice; "" when there is none open. Only reads."""
	return link_to(REQUEST, payment_request)


def link_to(doctype: str, name: str) -> str:
	for number, link in reversed(list(enumerate(links_of(doctype, name)))):
		if link.revoked_at or link.expires_at <= frappe.utils.now_datetime():
			continue
		token = make_token(doctype, name, number)
		# Links that somebody made by hand have secrets of their own.
		if hash_token(token) == link.token_hash:
			return get_url(SHORT + token)
	return ""


def ensure_link(doctype: str, name: str) -> str:
	"""The open address, made now when there is none. The right to show the document is the caller's duty."""
	url = link_to(doctype, name)
	if url:
		return url
	token = make_token(doctype, name, len(links_of(doctype, name)))
	create_link(doctype, name, days=get_settings().link_days or 30, token=token)
	return get_url(SHORT + token)


def revoke(doctype: str, name: str) -> None:
	"""No address of the document opens any more; the next `ensure_link` makes another one."""
	for link in links_of(doctype, name):
		revoke_link(link.name)


def links_of(doctype: str, name: str) -> list[frappe._dict]:
	"""All links of the document, the oldest first: the place of one is part of its secret."""
	return frappe.get_all(
		LINK,
		{"reference_doctype": doctype, "reference_name": name},
		["name", "token_hash", "expires_at", "revoked_at"],
		order_by="creation, name",
	)


def make_token(doctype: str, name: str, number: int) -> str:
	text = f"{frappe.local.site}|{doctype}|{name}|{number}"
	digest = hmac.new(get_encryption_key().encode(), text.encode(), hashlib.sha256).digest()
	return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode().rstrip("=")


def robot_value(doc) -> str:
	"""`{{ invoice_link }}` in the texts of robots: of the last invoice that is not paid. Makes nothing."""
	name = doc.get("last_invoice") if doc.doctype == "Auto Deal" else None
	if not name or frappe.db.get_value(REQUEST, name, "docstatus") != 1:
		return ""
	return invoice_link(name)
