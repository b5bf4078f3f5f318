"""A work of detailing on one car."""

from frappe.model.document import Document


class DetailingWork(Document):
	pass
