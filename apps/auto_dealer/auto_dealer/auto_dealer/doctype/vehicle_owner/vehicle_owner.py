from frappe.model.document import Document


class VehicleOwner(Document):
	pass
