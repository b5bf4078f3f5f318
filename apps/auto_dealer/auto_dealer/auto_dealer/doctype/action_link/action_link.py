"""A link in an e-mail by which one user answers one notice, once."""

from frappe.model.document import Document


class ActionLink(Document):
	pass
