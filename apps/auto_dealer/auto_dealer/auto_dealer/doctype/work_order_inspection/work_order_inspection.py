from frappe.model.document import Document


class WorkOrderInspection(Document):
	pass
