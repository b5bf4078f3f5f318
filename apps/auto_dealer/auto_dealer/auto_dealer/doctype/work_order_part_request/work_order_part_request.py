from frappe.model.document import Document


class WorkOrderPartRequest(Document):
	pass
