from frappe.model.document import Document

from auto_dealer.workshop.check_rate import check_rate


class LabourRate(Document):
	def validate(self):
		check_rate(self)
