"""Who does what in diagnostics and detailing."""

from frappe.model.document import Document


class PreparationPerson(Document):
	pass
