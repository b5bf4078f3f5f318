from frappe.model.document import Document


class DealStage(Document):
	pass
