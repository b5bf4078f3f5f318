from frappe.model.document import Document


class ServiceOffering(Document):
	pass
