from frappe.model.document import Document


class DealPipeline(Document):
	pass
