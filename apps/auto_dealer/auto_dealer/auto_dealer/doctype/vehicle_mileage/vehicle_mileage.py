from frappe.model.document import Document


class VehicleMileage(Document):
	pass
