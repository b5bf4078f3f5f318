from frappe.model.document import Document


class BankOffer(Document):
	pass
