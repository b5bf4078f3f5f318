"""The QR code on a printed document: the public link to the same document.

The secret is made of the site's key and the document, so that every print of it bears the same code; only its hash is
kept. When the link has expired or was revoked, the next print bears a new one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime
from frappe.utils.password import get_encryption_key

from auto_dealer.documents.public_link import LINK, address_of, create_link
from auto_dealer.documents.rules.link_token import hash_token

DAYS = 365
# Prints that bear a code; the link shows the contract itself, not its acts and reports.
WITH_CODE = ("Dealer Contract",)


def dealer_print_qr(doc: Document) -> str:
	"""Address of an image for <img> (hook `jinja`); "" where a guest may see nothing, or before the first save.

	Whoever may print the document makes the link by printing it; a guest who sees the print makes none.
	"""
	if doc.doctype not in WITH_CODE or doc.is_new() or not doc.get("name"):
		return ""
	url = open_address(doc.doctype, doc.name)
	if not url and frappe.session.user != "Guest" and frappe.has_permission(doc.doctype, "print", doc=doc):
		url = _make_link(doc.doctype, doc.name)
	return svg_image(url) if url else ""


def open_address(doctype: str, name: str) -> str:
	"""The address of the open link that was made by a print; "" when there is none. Only reads."""
	number = _count(doctype, name) - 1
	if number < 0:
		return ""
	token = _token(doctype, name, number)
	link = frappe.db.get_value(
		LINK, {"token_hash": hash_token(token)}, ["expires_at", "revoked_at"], as_dict=True
	)
	return address_of(token) if link and not link.revoked_at and link.expires_at > now_datetime() else ""


def _make_link(doctype: str, name: str) -> str:
	token = _token(doctype, name, _count(doctype, name))
	# A print is a GET, which is rolled back unless it says so.
	frappe.local.flags.commit = True
	return create_link(doctype, name, days=DAYS, token=token)["url"]


def _count(doctype: str, name: str) -> int:
	"""How many links prints of the document have made; each secret is of its own number."""
	number = 0
	while frappe.db.exists(LINK, {"token_hash": hash_token(_token(doctype, name, number))}):
		number += 1
	return number


def _token(doctype: str, name: str, number: int) -> str:
	text = f"print|{frappe.local.site}|{doctype}|{name}|{number}"
	digest = hmac.new(get_encryption_key().encode(), text.encode(), hashlib.sha256).digest()
	return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def svg_image(text: str) -> str:
	"""A data address of the code as SVG; nothing is fetched from anywhere."""
	import pyqrcode

	image = io.BytesIO()
	pyqrcode.create(text, error="M").svg(image, scale=4, quiet_zone=2, xmldecl=False, background="white")
	return f"data:image/svg+xml;base64,{base64.b64encode(image.getvalue()).decode()}"
