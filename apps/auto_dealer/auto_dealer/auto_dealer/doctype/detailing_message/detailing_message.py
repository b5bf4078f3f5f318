"""A turn of the agreement on a price."""

from frappe.model.document import Document


class DetailingMessage(Document):
	pass
