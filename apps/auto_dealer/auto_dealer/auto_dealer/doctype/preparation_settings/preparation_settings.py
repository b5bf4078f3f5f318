"""Who takes part in diagnostics and detailing, when they are reminded, where deals go."""

from frappe.model.document import Document

from auto_dealer.processes import check_settings


class PreparationSettings(Document):
	def validate(self):
		check_settings.check(self)
