from frappe.model.document import Document


class ServiceGroup(Document):
	pass
