"""Which documents are billed, and how ERPNext's documents name them.

A document type takes part by the hook `dealer_billed_documents` (its bill), by a link field of its own on ERPNext's
documents, and by the fields `customer`, `currency`, `paid_amount` and `outstanding_amount`.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from auto_dealer.payments.rules.bill import Bill, find_problem

# The more exact one first: a work order of a deal stands for itself.
LINK_FIELDS = {"Service Work Order": "dealer_work_order", "Auto Deal": "dealer_deal"}
# Columns of the billed row that payments write; `sales_order` and `last_invoice` where the document has them.
OWNED = ("paid_amount", "outstanding_amount", "sales_order", "last_invoice")


class BillNotTaken(frappe.ValidationError):
	"""The document cannot be billed as it is; the message says what to fill in."""


class ViewIsOld(frappe.QueryDeadlockError):
	"""The transaction began before somebody else's ended; done anew it sees everything."""


def billed_doctypes() -> dict[str, str]:
	"""Document type → dotted path of its `get_bill`."""
	hooks = frappe.get_hooks("dealer_billed_documents", default={}) or {}
	return {doctype: paths[-1] for doctype, paths in hooks.items() if doctype in LINK_FIELDS}


def link_fields() -> dict[str, str]:
	"""Document type → its field on ERPNext's documents."""
	return {doctype: field for doctype, field in LINK_FIELDS.items() if doctype in billed_doctypes()}


def get_bill(doc: Document) -> Bill:
	return frappe.get_attr(billed_doctypes()[doc.doctype])(doc)


def get_checked_bill(doc: Document) -> Bill:
	"""The bill, or BillNotTaken."""
	bill = get_bill(doc)
	problem = find_problem(bill, frappe.get_cached_value("Company", bill.company, "default_currency"))
	if problem:
		sentences = {
			"nobody": _("{0} has no client.").format(doc.name),
			"empty": _("{0} has no sum yet.").format(doc.name),
			"negative": _("{0} has a negative sum.").format(doc.name),
			"quantity": _("A line of {0} has no quantity.").format(doc.name),
			"sum": _("The lines of {0} do not add up to its sum.").format(doc.name),
			"currency": _("Clients are billed in the company's currency; {0} is in {1}.").format(
				doc.name, bill.currency
			),
		}
		frappe.throw(sentences[problem], BillNotTaken, title=_("No invoice"))
	return bill


def lock_billed(doctype: str, name: str) -> frappe._dict:
	"""The row's own money fields, with the row locked until the transaction ends.

	Everybody who bills or pays takes this lock first. Throws ViewIsOld when the transaction cannot see what
	those who held it before have done.
	"""
	columns = ["name", "modified", *(field for field in OWNED if frappe.get_meta(doctype).has_field(field))]
	row = frappe.db.get_value(doctype, name, columns, as_dict=True, for_update=True)
	if not row:
		frappe.throw(_("{0} {1} not found").format(_(doctype), name), frappe.DoesNotExistError)
	seen = frappe.db.get_value(doctype, name, columns, as_dict=True)
	if row != seen:
		raise ViewIsOld
	_note_fresh(doctype, name)
	return row


def sees_everything(doctype: str, name: str) -> bool:
	"""Whether this transaction took the row's lock before it looked at anything that others write under that lock."""
	return (doctype, name) in getattr(frappe.local, "dealer_fresh", ())


def _note_fresh(doctype: str, name: str) -> None:
	if not getattr(frappe.local, "dealer_fresh", None):
		frappe.local.dealer_fresh = set()
		frappe.db.after_commit.add(_forget_fresh)
		frappe.db.after_rollback.add(_forget_fresh)
	frappe.local.dealer_fresh.add((doctype, name))


def _forget_fresh() -> None:
	frappe.local.dealer_fresh = set()


def lock_rows(billed: set[tuple[str, str]]) -> None:
	"""Locks in one order, whoever does it."""
	for doctype, name in sorted(billed):
		frappe.db.get_value(doctype, name, "name", for_update=True)


def note(doctype: str, name: str, **values) -> None:
	"""Writes owned columns without touching `modified`: a form that is open in a browser stays valid."""
	known = {field: value for field, value in values.items() if frappe.get_meta(doctype).has_field(field)}
	if known:
		frappe.db.set_value(doctype, name, known, update_modified=False)
