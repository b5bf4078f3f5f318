"""Events of ERPNext's Purchase Receipt."""

from frappe.model.document import Document

from auto_dealer.orders.parts_arrived import after_receipt


def on_submit(doc: Document, method: str | None = None) -> None:
	after_receipt(doc)
