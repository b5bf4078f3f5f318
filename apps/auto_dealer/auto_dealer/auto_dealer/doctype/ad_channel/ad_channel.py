from frappe.model.document import Document


class AdChannel(Document):
	pass
