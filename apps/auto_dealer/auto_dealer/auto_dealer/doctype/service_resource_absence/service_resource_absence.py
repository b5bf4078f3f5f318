from frappe.model.document import Document


class ServiceResourceAbsence(Document):
	pass
