from frappe.model.document import Document


class WorkOrderPart(Document):
	pass
