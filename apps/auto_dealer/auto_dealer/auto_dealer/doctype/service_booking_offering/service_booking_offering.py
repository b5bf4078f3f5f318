from frappe.model.document import Document


class ServiceBookingOffering(Document):
	pass
