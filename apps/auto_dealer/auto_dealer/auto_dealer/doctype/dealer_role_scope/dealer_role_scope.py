from frappe.model.document import Document


class DealerRoleScope(Document):
	pass
