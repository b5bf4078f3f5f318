"""A notice to members of staff, with what they answered."""

from frappe.model.document import Document


class StaffNotice(Document):
	pass
