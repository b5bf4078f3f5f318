from frappe.model.document import Document

from auto_dealer.workshop.check_norm import check_norm


class LabourNorm(Document):
	def validate(self):
		check_norm(self)
