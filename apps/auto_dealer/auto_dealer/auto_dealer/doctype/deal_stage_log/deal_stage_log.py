from frappe.model.document import Document


class DealStageLog(Document):
	pass
