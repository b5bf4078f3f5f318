from frappe.model.document import Document


class ClientMerge(Document):
	pass
