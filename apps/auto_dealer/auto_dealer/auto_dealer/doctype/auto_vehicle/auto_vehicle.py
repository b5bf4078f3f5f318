from frappe.model.document import Document


class AutoVehicle(Document):
	pass
