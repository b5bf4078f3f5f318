from frappe.model.document import Document


class ServiceOfferingOperation(Document):
	pass
