from frappe.model.document import Document

from auto_dealer.workshop.check_offering import check_offering


class ServiceOffering(Document):
	def validate(self):
		check_offering(self)
