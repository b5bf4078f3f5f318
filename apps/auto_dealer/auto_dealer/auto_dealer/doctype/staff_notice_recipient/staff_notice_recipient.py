"""One of those who are to react to a staff notice."""

from frappe.model.document import Document


class StaffNoticeRecipient(Document):
	pass
