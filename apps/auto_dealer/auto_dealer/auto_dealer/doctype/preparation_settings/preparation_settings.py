"""Who takes part in diagnostics and detailing, when they are reminded, where deals go."""

from frappe.model.document import Document


class PreparationSettings(Document):
	pass
