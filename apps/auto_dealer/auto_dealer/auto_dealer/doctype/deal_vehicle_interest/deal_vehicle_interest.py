from frappe.model.document import Document


class DealVehicleInterest(Document):
	pass
