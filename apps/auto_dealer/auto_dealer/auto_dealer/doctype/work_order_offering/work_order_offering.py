from frappe.model.document import Document


class WorkOrderOffering(Document):
	pass
