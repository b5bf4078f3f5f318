from frappe.model.document import Document


class InboundEvent(Document):
	pass
