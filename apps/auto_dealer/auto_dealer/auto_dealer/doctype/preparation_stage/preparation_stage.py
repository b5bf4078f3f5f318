"""The stages of a pipeline that diagnostics and detailing move a deal to."""

from frappe.model.document import Document


class PreparationStage(Document):
	pass
