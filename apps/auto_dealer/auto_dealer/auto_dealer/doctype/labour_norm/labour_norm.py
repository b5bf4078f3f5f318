from frappe.model.document import Document


class LabourNorm(Document):
	pass
