from frappe.model.document import Document


class WorkOrderInvoice(Document):
	pass
