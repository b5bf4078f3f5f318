"""Diagnostics of a car that is offered to us."""

from frappe.model.document import Document


class DiagnosticsRequest(Document):
	pass
