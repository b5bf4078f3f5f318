from frappe.model.document import Document


class ServiceOfferingNeed(Document):
	pass
