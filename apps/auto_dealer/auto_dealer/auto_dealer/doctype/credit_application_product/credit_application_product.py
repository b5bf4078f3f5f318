from frappe.model.document import Document


class CreditApplicationProduct(Document):
	pass
