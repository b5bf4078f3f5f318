"""Closes one way round the row rights: `fields: ["deal.phone"]` reads the linked document, and Frappe asks only
whether the user may read *some* document of its DocType."""

from __future__ import annotations

import re

import frappe
from frappe import _

from auto_dealer.permissions.related import is_contact_limited
from auto_dealer.permissions.rules.scope import ALL, DEAL, LEAD
from auto_dealer.permissions.scopes import get_viewer

# What a list request is made of, as far as it names fields.
PARTS = ("fields", "fieldname", "field", "group_by", "order_by", "filters", "or_filters")
LINKED_FIELD = re.compile(r"(?<![\w`.@])(\w+)\.`?\w")


class LinkedFieldRefused(frappe.PermissionError):
	"""A list asks for fields of a linked document that the user might not be allowed to read."""


def refuse_linked_fields(user: str | None = None, doctype: str | None = None) -> str:
	"""A query condition of every DocType that adds nothing, and throws `LinkedFieldRefused` for such requests.

	Only what the browser sent is judged, not what our own code asks for.
	"""
	if not getattr(frappe.local, "request", None) or not doctype:
		return ""
	asked = {name for part in PARTS for name in LINKED_FIELD.findall(str(frappe.form_dict.get(part) or ""))}
	for name in asked:
		df = frappe.get_meta(doctype).get_field(name)
		if df and df.fieldtype == "Link" and is_limited_for(df.options, user or frappe.session.user):
			frappe.throw(
				_("Fields of {0} are not shown through a link. Open the document instead.").format(
					_(df.options)
				),
				LinkedFieldRefused,
			)
	return ""


def is_limited_for(doctype: str, user: str) -> bool:
	"""Whether there may be documents of the DocType that the user must not read."""
	if user == "Administrator":
		return False
	scopes = get_viewer(user).scopes
	if doctype in (LEAD, DEAL, "Inbound Event", "Client Merge"):
		return {scopes.get(LEAD), scopes.get(DEAL)} != {ALL}
	if doctype == "Contact":
		return is_contact_limited(user)
	return doctype == "Customer" and not frappe.has_permission("Customer", "read", user=user)
