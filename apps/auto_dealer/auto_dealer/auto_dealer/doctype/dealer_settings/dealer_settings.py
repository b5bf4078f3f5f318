from frappe.model.document import Document


class DealerSettings(Document):
	pass
