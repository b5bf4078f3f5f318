from frappe.model.document import Document


class AdChannelUser(Document):
	pass
