"""Fields of an order that use cases write; what a browser sends for them is put back."""

from __future__ import annotations

from frappe.model.document import Document

MADE_AT_FIRST = ("title", "source", "currency", "opened_at")
LATER = (
	*("booking", "agreed_at", "ready_at", "handed_over_at", "closed_at", "stage_changed_at"),
	*("quality_checked_by", "sales_invoice", "sales_order", "last_invoice"),
)
SUMS = ("paid_amount", "won_back_total")
ROWS = {
	"labour": ("approval", "state", "actual_minutes", "deferred_work", "offering"),
	"parts": (
		*("approval", "stock_state", "reserved_qty", "issued_qty", "taken_from", "material_request"),
		*("stock_note", "deferred_work", "offering"),
	),
	"sublets": ("approval", "deferred_work"),
	"photos": ("photo", "labour_row", "device_key", "taken_by", "taken_at"),
	"part_requests": ("requested_by", "requested_at", "labour_row", "device_key"),
}


def put_back(order: Document) -> None:
	"""Before anything else of a save that is not a use case's own."""
	before = order.get_doc_before_save()
	if order.flags.by_use_case:
		return
	if before:
		order.update({field: before.get(field) for field in (*MADE_AT_FIRST, *LATER, *SUMS)})
		order.set("invoices", before.invoices)
	else:
		order.update({**dict.fromkeys(LATER), **dict.fromkeys(SUMS, 0), "invoices": []})
	for table, fields in ROWS.items():
		stored = {row.name: row for row in before.get(table)} if before else {}
		for row in order.get(table):
			_put_back_row(row, stored.get(row.name), fields)


def _put_back_row(row: Document, stored: Document | None, fields: tuple[str, ...]) -> None:
	if stored:
		row.update({field: stored.get(field) for field in fields})
	elif row.doctype != "Work Order Photo":
		row.update({field: row.meta.get_field(field).default for field in fields})
