from frappe.model.document import Document


class CreditProduct(Document):
	pass
