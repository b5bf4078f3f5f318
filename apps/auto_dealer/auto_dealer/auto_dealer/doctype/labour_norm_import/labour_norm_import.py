from frappe.model.document import Document

from auto_dealer.workshop.norm_import import forget_check


class LabourNormImport(Document):
	def validate(self):
		forget_check(self)
