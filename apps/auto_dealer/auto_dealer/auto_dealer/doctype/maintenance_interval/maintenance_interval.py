from frappe.model.document import Document


class MaintenanceInterval(Document):
	pass
