"""Finds the connector of a bank."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.credit.banks.interface import BankConnector

HOOK = "dealer_bank_connectors"


class UnknownConnector(frappe.ValidationError):
	"""No app registers a connector of this name."""


def get_connector(bank: Document) -> BankConnector:
	"""A new connector for the bank. Throws `UnknownConnector`."""
	# A hook that is a dictionary gives lists: the last app wins.
	paths = frappe.get_hooks(HOOK).get(bank.connector)
	if not paths:
		frappe.throw(_("No connector is registered as {0}.").format(bank.connector), UnknownConnector)
	return frappe.get_attr(paths[-1])(bank)


def check_bank(bank: Document) -> None:
	"""Its connector exists, and has what it needs."""
	get_connector(bank)
	if bank.connector == "E-mail" and not bank.email:
		frappe.throw(_("Name the e-mail address to which packs are sent."), frappe.MandatoryError)
	if bank.min_term and bank.max_term and bank.min_term > bank.max_term:
		frappe.throw(_("The shortest term is longer than the longest one."))
