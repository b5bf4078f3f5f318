from frappe.model.document import Document


class AppraisalOffer(Document):
	pass
