from frappe.model.document import Document


class EnquiryType(Document):
	pass
