from frappe.model.document import Document


class ClientKind(Document):
	pass
