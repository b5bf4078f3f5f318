"""Detailing of a car: price agreed, works done, photos taken, passed to sales."""

from frappe.model.document import Document


class DetailingRequest(Document):
	pass
