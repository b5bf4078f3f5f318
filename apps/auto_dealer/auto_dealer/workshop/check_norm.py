"""What a norm must be before it is saved, and who would contradict it."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from auto_dealer.workshop.errors import NormClash
from auto_dealer.workshop.norms import NORM_FIELDS, describe_row, to_row
from auto_dealer.workshop.rules.norm_match import NormRow, clashes

OLDEST_YEAR, NEWEST_YEAR = 1900, 2100


def check_norm(doc: Document) -> None:
	"""Fills the make of the model and the title; refuses wrong years and what contradicts another norm."""
	doc.engine = " ".join((doc.engine or "").split())
	if doc.model:
		doc.make = frappe.get_cached_value("Vehicle Model", doc.model, "make")
	if doc.hours is None or doc.hours <= 0:
		frappe.throw(_("A norm has more than 0 hours."))
	if problem := find_year_problem(cint(doc.year_from), cint(doc.year_to)):
		frappe.throw(problem)
	row = to_row(doc)
	doc.title = f"{doc.operation} — {describe_row(row)}"[:255]
	refuse_clash(doc.operation, row)


def find_year_problem(first: int, last: int) -> str | None:
	"""What is wrong with the years in words; 0 is no limit."""
	for year in (first, last):
		if year and not OLDEST_YEAR <= year <= NEWEST_YEAR:
			return _("{0} is no year of a car.").format(year)
	if first and last and first > last:
		return _("The years begin after they end: {0}–{1}.").format(first, last)
	return None


def refuse_clash(operation: str, row: NormRow) -> None:
	"""Locks the operation, so that of two equal norms saved at once the second is refused."""
	lock_operations([operation])
	for other in clashes(row, read_norms_locked([operation]).get(operation, [])):
		frappe.throw(describe_clash(operation, other), NormClash)


def describe_clash(operation: str, other: NormRow) -> str:
	return _(
		"{0} has a norm already that fits the same cars: {1} h for {2}. Change that one, or narrow the cars of this one."
	).format(frappe.bold(operation), other.hours, describe_row(other))


def lock_operations(operations: list[str]) -> None:
	"""Whoever writes norms of an operation holds its row until the commit; taken in sorted order."""
	if operations:
		operation = frappe.qb.DocType("Labour Operation")
		frappe.qb.from_(operation).select(operation.name).where(
			operation.name.isin(sorted(set(operations)))
		).orderby(operation.name).for_update().run()


def read_norms_locked(operations: list[str]) -> dict[str, list[NormRow]]:
	"""By operation, as committed by now: a plain read would show the time before the lock."""
	if not operations:
		return {}
	norm = frappe.qb.DocType("Labour Norm")
	columns = [norm[field] for field in ("operation", *NORM_FIELDS)]
	rows = (
		frappe.qb.from_(norm)
		.select(*columns)
		.where(norm.operation.isin(sorted(set(operations))))
		.for_update()
	).run(as_dict=True)
	found: dict[str, list[NormRow]] = {}
	for row in rows:
		found.setdefault(row.operation, []).append(to_row(row))
	return found
