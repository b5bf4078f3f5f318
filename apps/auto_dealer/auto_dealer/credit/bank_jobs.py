"""Runs one sending: claims the offer, talks to the bank without any lock, records the answer.

Queued ──claim──► Sending ──answer──► Sent / Approved / Refused
   ▲                 │
   └── Failed ◄──────┘ BankUnavailable or any other error: tried again after 1, 5, 30, 120 minutes, then by hand
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_to_date, now_datetime

from auto_dealer.credit.application_pack import make_pack
from auto_dealer.credit.banks.connectors import get_connector
from auto_dealer.credit.banks.interface import Answer, BankUnavailable, Pack
from auto_dealer.credit.events import note
from auto_dealer.credit.personal_data import personal_fields
from auto_dealer.credit.rules.masking import hide_values
from auto_dealer.credit.rules.retries import next_try
from auto_dealer.credit.rules.stages import ANSWERED, DECISION, SENT
from auto_dealer.sales.retry import retry_on_deadlock
from auto_dealer.sales.specialist_document import notify

DOCTYPE = "Credit Application"
# A worker that died in the middle: the offer is taken up again after this.
LOST_MINUTES = 30
SAVEPOINT = "dealer_ask_bank"
OFFERS_A_ROUND = 100


def send_one(application: str, offer: str) -> None:
	"""The job of one bank. Never raises for the bank's sake: its failure is recorded at its offer."""
	pack = retry_on_deadlock(lambda: claim(application, offer))
	frappe.db.commit()  # noqa: TID251 - no lock is held while the bank is asked
	if not pack:
		return
	frappe.db.savepoint(SAVEPOINT)
	try:
		answer = ask_bank(offer, pack)
	except Exception as error:
		# Whatever went wrong at the bank; what its connector wrote meanwhile goes.
		frappe.db.rollback(save_point=SAVEPOINT)
		message = describe(application, error)
		retry_on_deadlock(lambda: record_failure(application, offer, message))
	else:
		# What the connector wrote (an e-mail in the queue) stays, also when the answer meets a deadlock.
		frappe.db.commit()  # noqa: TID251
		retry_on_deadlock(lambda: record_answer(application, offer, answer))
	frappe.db.commit()  # noqa: TID251


def claim(application: str, offer: str) -> Pack | None:
	"""Marks the offer as being sent; None when another worker has it, or when there is nothing to send any more."""
	doc, row = lock(application, offer)
	if not row or row.status not in ("Queued", "Failed", "Sending") or not doc.has_consent or doc.erased_at:
		return None
	if row.status == "Sending" and not is_lost(row):
		return None
	row.update({"status": "Sending", "attempts": (row.attempts or 0) + 1, "next_try_at": None})
	row.sent_at = now_datetime()
	save(doc)
	return make_pack(doc, key=offer)


def is_lost(row: Document) -> bool:
	return not row.sent_at or row.sent_at < add_to_date(now_datetime(), minutes=-LOST_MINUTES)


def ask_bank(offer: str, pack: Pack) -> Answer:
	bank = frappe.get_doc("Lending Bank", frappe.db.get_value("Bank Offer", offer, "bank"))
	return get_connector(bank).send(pack)


def record_answer(application: str, offer: str, answer: Answer) -> None:
	doc, row = lock(application, offer)
	if not row:
		return
	row.update({"status": answer.status, "last_error": None, "sent_at": now_datetime()})
	for field in ("term_months", "valid_until", "external_id", "comment"):
		if getattr(answer, field) is not None:
			row.set(field, getattr(answer, field))
	for field in ("rate", "approved_sum", "monthly_payment"):
		if getattr(answer, field) is not None:
			row.set(field, float(getattr(answer, field)))
	row.is_payment_given = int(answer.monthly_payment is not None)
	if answer.status in ANSWERED:
		row.answered_at = now_datetime()
		if doc.stage == SENT:
			doc.stage = DECISION
	note(doc, _("{0}: {1}").format(row.bank, _(answer.status, context="Bank Offer")))
	save(doc)


def record_failure(application: str, offer: str, message: str) -> None:
	doc, row = lock(application, offer)
	if not row or row.status != "Sending":
		return
	row.update({"status": "Failed", "last_error": message})
	row.next_try_at = next_try(row.attempts, now_datetime())
	note(doc, _("{0}: could not be sent").format(row.bank))
	save(doc)
	if not row.next_try_at and doc.specialist:
		notify(
			doc.specialist, _("{0} could not be reached, send the application again").format(row.bank), doc
		)


def describe(application: str, error: Exception) -> str:
	"""The error's text without the borrower's data."""
	text = str(error) if isinstance(error, BankUnavailable) else f"{type(error).__name__}: {error}"
	doc = frappe.get_doc(DOCTYPE, application)
	values = [str(doc.get(field)) for field in personal_fields() if isinstance(doc.get(field), str)]
	return hide_values(text, values)[:300]


def lock(application: str, offer: str) -> tuple[Document, Document | None]:
	"""The application, its row locked until commit, and the offer's row as it is now."""
	doc = frappe.get_doc(DOCTYPE, application, for_update=True)
	return doc, next((row for row in doc.offers if row.name == offer), None)


def save(doc: Document) -> None:
	doc.flags.by_use_case = doc.flags.event_noted = True
	# A job acts for the specialist who sent the application, also when the scheduler repeats it.
	doc.save(ignore_permissions=True)


def retry_due() -> None:
	"""Offers whose next try has come, and those whose worker died; each in its own transaction."""
	now = now_datetime()
	ways = (
		{"status": "Failed", "next_try_at": ("<=", now)},
		{"status": "Sending", "sent_at": ("<", add_to_date(now, minutes=-LOST_MINUTES))},
		{"status": "Queued", "modified": ("<", add_to_date(now, minutes=-LOST_MINUTES))},
	)
	for filters in ways:
		rows = frappe.get_all(
			"Bank Offer",
			{**filters, "parenttype": DOCTYPE},
			["name", "parent"],
			order_by="modified",
			limit=OFFERS_A_ROUND,
		)
		for row in rows:
			send_one(row.parent, row.name)
