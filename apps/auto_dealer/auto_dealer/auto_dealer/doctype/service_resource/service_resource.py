from frappe.model.document import Document

from auto_dealer.workshop.check_resource import check_resource, warn_of_bookings


class ServiceResource(Document):
	def validate(self):
		check_resource(self)

	def on_update(self):
		warn_of_bookings(self)
