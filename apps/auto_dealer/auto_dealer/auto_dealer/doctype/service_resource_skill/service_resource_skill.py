from frappe.model.document import Document


class ServiceResourceSkill(Document):
	pass
