"""Second phase of payments (R193): a line of the bank statement that names an invoice pays it by itself.

Bank Transaction submitted (import, bank's service, by hand) ── commit ──> job: one open invoice named in the line?
   yes, and the money fits: Payment Entry on the bank's account, reconciled with the line      no: the accountant
"""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from auto_dealer.payments import totals
from auto_dealer.payments.follow_vouchers import billed_of
from auto_dealer.payments.open_invoices import OPEN, REQUEST
from auto_dealer.payments.post import as_system
from auto_dealer.payments.record_payment import Part, record_payment
from auto_dealer.payments.rules.bank_line import words_of
from auto_dealer.payments.rules.bill import money
from auto_dealer.payments.send_invoice import billed_reference
from auto_dealer.payments.settings import get_settings

JOB = "auto_dealer.payments.bank_statement.match_line"


def queue(line: Document) -> None:
	if get_settings().matches_bank_lines and line.deposit:
		frappe.enqueue(JOB, queue="short", enqueue_after_commit=True, name=line.name)


def match_line(name: str) -> str | None:
	"""The Payment Entry that was made, None when a person has to look. The job; done twice it pays once."""
	try:
		return pay_by(name)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError) as error:
		raise frappe.RetryBackgroundJobError from error
	except frappe.ValidationError:
		# What cannot be written down waits in the bank reconciliation, with the reason in the log.
		frappe.db.rollback()
		frappe.clear_messages()
		frappe.log_error(
			title="A bank line could not pay its invoice",
			reference_doctype="Bank Transaction",
			reference_name=name,
		)
		return None


def pay_by(name: str) -> str | None:
	line = frappe.get_doc("Bank Transaction", name, for_update=True)
	invoice = find_invoice(line)
	if not invoice:
		return None
	account, company = frappe.db.get_value("Bank Account", line.bank_account, ["account", "company"])
	if company != invoice.company:
		return None
	doctype, billed = billed_reference(invoice)
	part = Part(
		mode=bank_mode(),
		amount=money(line.deposit),
		reference_no=line.reference_number or line.name,
		paid_on=str(line.date),
		account=account,
	)
	(entry,) = record_payment(doctype, billed, [part], invoice.name)
	reconcile(line.name, entry, line.deposit)
	totals.flush()
	return entry


def find_invoice(line: Document) -> Document | None:
	"""The one open invoice that the line names, when all of the line's money is for it."""
	if line.docstatus != 1 or line.deposit <= 0 or money(line.unallocated_amount) != money(line.deposit):
		return None
	words = words_of(line.description, line.reference_number)
	names = frappe.get_all(
		REQUEST, {"name": ("in", words), "docstatus": 1, "status": ("in", OPEN)}, pluck="name", limit=2
	)
	invoice = frappe.get_doc(REQUEST, names[0]) if len(names) == 1 else None
	fits = invoice and money(line.deposit) <= money(invoice.outstanding_amount) and billed_of(invoice)
	return invoice if fits else None


def bank_mode() -> str | None:
	return frappe.db.get_value("Mode of Payment", {"type": "Bank", "enabled": 1}, order_by="creation desc")


def reconcile(line: str, entry: str, amount: float) -> None:
	from erpnext.accounts.doctype.bank_reconciliation_tool.bank_reconciliation_tool import reconcile_vouchers

	vouchers = [{"payment_doctype": "Payment Entry", "payment_name": entry, "amount": amount}]
	with as_system():
		reconcile_vouchers(line, frappe.as_json(vouchers))
