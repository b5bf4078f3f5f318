from frappe.model.document import Document


class CreditIncome(Document):
	pass
