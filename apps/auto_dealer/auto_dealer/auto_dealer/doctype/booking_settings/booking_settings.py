from frappe.model.document import Document


class BookingSettings(Document):
	pass
