from frappe.model.document import Document


class WorkOrderSettings(Document):
	pass
