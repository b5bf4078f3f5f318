from frappe.model.document import Document


class ServiceOfferingPart(Document):
	pass
