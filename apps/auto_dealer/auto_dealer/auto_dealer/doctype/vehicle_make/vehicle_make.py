from frappe.model.document import Document


class VehicleMake(Document):
	pass
