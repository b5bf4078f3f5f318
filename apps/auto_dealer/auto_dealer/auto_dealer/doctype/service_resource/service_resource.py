from frappe.model.document import Document


class ServiceResource(Document):
	pass
