from frappe.model.document import Document


class InspectionTemplatePoint(Document):
	pass
