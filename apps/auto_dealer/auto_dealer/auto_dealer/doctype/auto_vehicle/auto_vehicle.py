import frappe
from frappe.model.document import Document

from auto_dealer.vehicles.index_vehicle import forget_vehicle, index_vehicle
from auto_dealer.vehicles.prepare_vehicle import prepare_vehicle


class AutoVehicle(Document):
	def validate(self):
		prepare_vehicle(self)

	def after_insert(self):
		index_vehicle(self, is_new=True)

	def on_update(self):
		if not self.flags.in_insert:
			index_vehicle(self)

	def on_trash(self):
		forget_vehicle(self)


def on_doctype_update():
	frappe.db.add_index("Auto Vehicle", ["owner_customer"], "owner_customer")
