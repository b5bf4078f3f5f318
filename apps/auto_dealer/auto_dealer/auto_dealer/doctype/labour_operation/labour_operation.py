from frappe.model.document import Document


class LabourOperation(Document):
	pass
