from frappe.model.document import Document


class CreditDebt(Document):
	pass
