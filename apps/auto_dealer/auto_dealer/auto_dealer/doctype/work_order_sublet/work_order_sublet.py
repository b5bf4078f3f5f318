from frappe.model.document import Document


class WorkOrderSublet(Document):
	pass
