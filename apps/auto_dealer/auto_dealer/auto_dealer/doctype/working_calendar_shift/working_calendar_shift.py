from frappe.model.document import Document


class WorkingCalendarShift(Document):
	pass
