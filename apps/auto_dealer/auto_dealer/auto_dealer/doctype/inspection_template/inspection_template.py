"""The checklist of an inspection. The rules are in `auto_dealer.orders`."""

from frappe.model.document import Document

from auto_dealer.orders import inspection


class InspectionTemplate(Document):
	def on_update(self):
		inspection.keep_one_default(self)
