from frappe.model.document import Document


class ObjectKind(Document):
	pass
