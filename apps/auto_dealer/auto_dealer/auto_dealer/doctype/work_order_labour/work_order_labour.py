from frappe.model.document import Document


class WorkOrderLabour(Document):
	pass
