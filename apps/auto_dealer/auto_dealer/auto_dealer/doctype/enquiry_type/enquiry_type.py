"""How a client came: a visit, a call, a form; secondary types are repeat contacts."""

import frappe
from frappe import _
from frappe.model.document import Document


class EnquiryType(Document):
	def validate(self):
		if self.is_secondary and not self.is_target:
			frappe.throw(_("A repeat contact is always a target enquiry."))
