from frappe.model.document import Document


class ClientSearchToken(Document):
	pass
