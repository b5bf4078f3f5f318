from frappe.model.document import Document


class VehicleModel(Document):
	pass
