"""ERPNext's documents, whoever makes them, are followed to the deals and orders that they are for."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.model.document import Document

from auto_dealer.payments import totals
from auto_dealer.payments.billed import LINK_FIELDS, link_fields, lock_rows

# Documents that name what they are for; payments and journal entries point at them.
CARRIERS = ("Sales Order", "Sales Invoice")


def fill_links(doc: Document) -> None:
	"""A payment or a request that an accountant made by hand gets the deal or the order of what it points at."""
	if any(doc.get(field) for field in LINK_FIELDS.values()):
		return
	found = links_of(references_of(doc))
	for place, field in enumerate(LINK_FIELDS.values()):
		values = {row[place] for row in found}
		if len(values) == 1:
			doc.set(field, values.pop())


def free_return(doc: Document) -> None:
	"""ERPNext copies the advances of an invoice into its credit note and then refuses them."""
	if doc.is_return and doc.docstatus == 0 and any(doc.get(field) for field in LINK_FIELDS.values()):
		doc.allocate_advances_automatically = 0
		doc.set("advances", [])


def lock(doc: Document) -> None:
	"""Before anything is written: who bills and who pays take the billed row first, so they do not meet crosswise."""
	lock_rows(billed_of(doc))


def mark(doc: Document) -> None:
	if doc.docstatus:
		for doctype, name in billed_of(doc):
			totals.mark(doctype, name)


def mark_billed(doc: Document, method: str | None = None) -> None:
	"""A work order that was saved: with an order of ERPNext its sums are the ledger's, not the form's."""
	if doc.get("sales_order"):
		totals.mark(doc.doctype, doc.name)


def mark_ledger(entry: Document) -> None:
	"""A row of the Payment Ledger: what reconciliation tools write, long after the documents were submitted."""
	if entry.party_type != "Customer":
		return
	vouchers = {
		(entry.voucher_type, entry.voucher_no),
		(entry.against_voucher_type, entry.against_voucher_no),
	}
	for doctype, name in billed_by(links_of(vouchers)):
		totals.mark(doctype, name)


def billed_of(doc: Document) -> set[tuple[str, str]]:
	"""(document type, name) of all that the document is for."""
	own = tuple(doc.get(field) for field in LINK_FIELDS.values())
	return billed_by([own, *links_of(references_of(doc))])


def billed_by(links: Iterable[tuple]) -> set[tuple[str, str]]:
	known = link_fields()
	return {
		(doctype, name)
		for row in links
		for doctype, name in zip(LINK_FIELDS, row, strict=True)
		if name and doctype in known
	}


def references_of(doc: Document) -> set[tuple[str, str]]:
	"""Orders and invoices that the document points at."""
	if doc.doctype == "Payment Request":
		return {(doc.reference_doctype, doc.reference_name)}
	if doc.doctype == "Payment Entry":
		return {(row.reference_doctype, row.reference_name) for row in doc.references}
	if doc.doctype == "Journal Entry":
		return {(row.reference_type, row.reference_name) for row in doc.accounts if row.reference_name}
	if doc.doctype == "Sales Invoice" and doc.return_against:
		return {("Sales Invoice", doc.return_against)}
	return set()


def links_of(vouchers: Iterable[tuple[str, str]]) -> list[tuple]:
	"""For each document that is for something: its values of the link fields."""
	rows = []
	for doctype in (*CARRIERS, "Payment Entry"):
		if names := [name for kind, name in vouchers if kind == doctype]:
			rows += frappe.get_all(
				doctype, {"name": ("in", names)}, list(LINK_FIELDS.values()), as_list=True, order_by=None
			)
	return [tuple(row) for row in rows if any(row)]
