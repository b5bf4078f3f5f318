from frappe.model.document import Document


class ClientKey(Document):
	pass
