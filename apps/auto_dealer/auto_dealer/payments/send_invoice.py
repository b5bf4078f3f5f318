"""The invoice or the act goes to the client: a message with its link, by the way the seller chooses."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.utils import fmt_money, formatdate

from auto_dealer.channels.send_to_client import send_to_client
from auto_dealer.payments.billed import BillNotTaken
from auto_dealer.payments.follow_vouchers import billed_of
from auto_dealer.payments.public_invoice import ensure_link

WAYS = ("whatsapp", "sms", "email")


class NoWayToClient(BillNotTaken):
	"""The client's card has no address for the way that was chosen, or the way is not set up here."""


def send(doctype: str, name: str, prefer: Iterable[str] = WAYS) -> str:
	"""The name of the Client Message. `doctype`: Payment Request or Sales Invoice.

	The message waits in the outbox and is sent after the commit. Permissions are the caller's duty.
	"""
	doc = frappe.get_doc(doctype, name)
	reference = billed_reference(doc)
	contact = frappe.db.get_value(*reference, "contact")
	if not contact:
		frappe.throw(_("{0} has no contact to write to.").format(reference[1]), NoWayToClient)
	subject, text = words(doc, ensure_link(doctype, name))
	message = send_to_client(contact, text, subject=subject, prefer=tuple(prefer), reference=reference)
	if frappe.db.get_value("Client Message", message, "status") == "No Address":
		frappe.throw(
			_(
				"The client cannot be reached this way: {0}. Fill in the contact, or print the invoice."
			).format(", ".join(_(way) for way in prefer)),
			NoWayToClient,
			title=_("Not sent"),
		)
	return message


def billed_reference(doc) -> tuple[str, str]:
	"""What the paper is for; a work order before the deal that it belongs to."""
	found = billed_of(doc)
	if not found:
		frappe.throw(_("{0} belongs to no deal.").format(doc.name), BillNotTaken)
	return sorted(found, key=lambda pair: pair[0] == "Auto Deal")[0]


def words(doc, url: str) -> tuple[str, str]:
	"""Subject and text in the site's language."""
	language = frappe.db.get_default("lang")
	before, frappe.local.lang = frappe.local.lang, language
	try:
		number, total = doc.name, fmt_money(doc.grand_total, currency=doc.currency)
		if doc.doctype == "Sales Invoice":
			return _("Act of completed works {0}").format(number), _(
				"Act of completed works No. {0} for {1}: {2}"
			).format(number, total, url)
		subject = _("Invoice {0} for {1}").format(number, total)
		if not doc.dealer_due_date:
			return subject, _("Invoice No. {0} for {1}: {2}").format(number, total, url)
		return subject, _("Invoice No. {0} for {1}, to be paid by {2}: {3}").format(
			number, total, formatdate(doc.dealer_due_date), url
		)
	finally:
		frappe.local.lang = before
