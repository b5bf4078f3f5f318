from frappe.model.document import Document

from auto_dealer.vehicles.resolve_make_model import forget_make_names


class VehicleModel(Document):
	def on_update(self):
		forget_make_names()

	def after_rename(self, old, new, merge=False):
		forget_make_names()

	def after_delete(self):
		forget_make_names()
