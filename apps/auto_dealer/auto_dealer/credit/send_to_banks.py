"""Sends an application to several banks at once (R97): marks an offer for each and queues a job for each."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.credit.events import note
from auto_dealer.credit.rules.stages import DECISION, DOCUMENTS, NEW, SENT

DOCTYPE = "Credit Application"
SENDABLE = (NEW, DOCUMENTS, SENT, DECISION)
# An offer that may be sent, or sent again: the bank has nothing under way.
FREE = ("New", "Failed", "Withdrawn")


class CannotSend(frappe.ValidationError):
	"""The application cannot go to the banks named; the message says why."""


def send_to_banks(name: str, banks: list[str]) -> list[str]:
	"""Names of the offers that are now queued. The caller has checked the right to write.

	Consent and the other required fields are the rule of the stage "Sent to Banks", to which the application moves.
	Banks that have the application already are left out; two clicks send once (the application's row is locked).
	"""
	application = frappe.get_doc(DOCTYPE, name, for_update=True)
	if application.stage not in SENDABLE:
		frappe.throw(
			_("In the stage {0} an application is not sent to banks.").format(
				_(application.stage, context=DOCTYPE)
			),
			CannotSend,
		)
	queued = [queue_offer(application, bank) for bank in dict.fromkeys(banks)]
	queued = [offer for offer in queued if offer]
	if not queued:
		frappe.throw(_("All these banks have the application already."), CannotSend)
	application.flags.by_use_case = application.flags.event_noted = True
	note(application, _("Sent to: {0}").format(", ".join(offer.bank for offer in queued)))
	move_on(application)
	for offer in queued:
		enqueue(application.name, offer.name)
	return [offer.name for offer in queued]


def queue_offer(application: Document, bank: str) -> Document | None:
	"""The bank's row, made when missing; None when the bank has the application already."""
	terms = frappe.db.get_value("Lending Bank", bank, ["is_enabled", "commission_percent"], as_dict=True)
	if not terms or not terms.is_enabled:
		frappe.throw(_("The bank {0} is switched off or unknown.").format(bank), CannotSend)
	offer = next((row for row in application.offers if row.bank == bank), None)
	if offer and offer.status not in FREE:
		return None
	offer = offer or application.append(
		"offers", {"bank": bank, "commission_percent": terms.commission_percent}
	)
	offer.update({"status": "Queued", "attempts": 0, "next_try_at": None, "last_error": None})
	return offer


def move_on(application: Document) -> None:
	"""Saves, along the Workflow's edges to "Sent to Banks" unless a bank has decided already."""
	if application.stage == NEW:
		application.stage = DOCUMENTS
		application.save()
	if application.stage == DOCUMENTS:
		application.stage = SENT
	application.save()


def enqueue(application: str, offer: str) -> None:
	"""One job a bank, so that one that fails or is slow holds nobody up."""
	frappe.enqueue(
		"auto_dealer.credit.bank_jobs.send_one",
		queue="default",
		application=application,
		offer=offer,
		enqueue_after_commit=True,
	)
