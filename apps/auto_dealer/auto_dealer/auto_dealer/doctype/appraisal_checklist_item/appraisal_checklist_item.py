from frappe.model.document import Document


class AppraisalChecklistItem(Document):
	pass
