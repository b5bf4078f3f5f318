from frappe.model.document import Document


class LabourNormImport(Document):
	pass
