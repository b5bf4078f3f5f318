from frappe.model.document import Document


class LabourRate(Document):
	pass
