from frappe.model.document import Document


class AppraisalCheck(Document):
	pass
