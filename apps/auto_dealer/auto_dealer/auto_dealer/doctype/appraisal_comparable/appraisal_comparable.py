from frappe.model.document import Document


class AppraisalComparable(Document):
	pass
