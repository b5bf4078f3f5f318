from frappe.model.document import Document


class AppraisalDamage(Document):
	pass
