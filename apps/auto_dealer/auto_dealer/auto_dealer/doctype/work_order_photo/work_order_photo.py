from frappe.model.document import Document


class WorkOrderPhoto(Document):
	pass
